"""fangzhi: Chinese city newspaper pages → a knowledge graph that one can trust."""
