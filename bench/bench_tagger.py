"""How fast the tagger reads, on a text of our own: `python -m bench.bench_tagger`.

Figures of one run are comparable with each other only, so what counts are the ratios.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from kg.tag import words
from kg.tag.neural import tag_sentences

from kg.gazetteer import Gazetteer, gazetteer

PEOPLE = ("陆文涛", "沈秋云", "顾建民", "欧阳静", "何晓川")
PLACES = ("城东区", "江州市", "白石镇", "临江县")
SENTENCES = tuple(
    sentence
    for person in PEOPLE
    for place in PLACES
    for sentence in (
        f"{place}委书记{person}主持会议并讲话。",
        f"昨日，{person}带队到{place}人力资源和社会保障局调研，详细了解稳就业、保用工等工作的进展情况。",
        f"{place}今年计划投入三千万元，实施“清水入江”工程，新建污水管网四十公里，惠及沿线十二个村的两万多名群众。",
        f"会上，江州云帆机械有限公司与{place}人民政府签订了合作协议，双方将在人才培养、技术改造、市场开拓等方面开展合作；"
        f"{person}希望企业抓住机遇，把项目建成、建好，早日投产。",
    )
)


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def start_up() -> float:
    """Processor seconds of a fresh process from import to first tag and first division, interpreter included."""
    code = (
        "import time; from kg.tag.neural import tag_sentences; from kg.gazetteer import gazetteer; "
        "tag_sentences(['城东区召开会议。']); gazetteer(); print(time.process_time())"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    texts = list(SENTENCES) * 8
    size = sum(map(len, texts))
    tag_sentences(["一"])
    batched = min(seconds(lambda: tag_sentences(texts)) for _ in range(3))
    single = min(seconds(lambda: [tag_sentences([text]) for text in texts]) for _ in range(3))
    rows = gazetteer()._rows
    print(f"start-up to first tag          {start_up():8.2f} s")
    print(f"tagging, batched               {size / batched:8,.0f} characters/s")
    print(f"tagging, one by one            {size / single:8,.0f} characters/s")
    print(f"batched / one by one           {single / batched:8.2f} ×")
    print(f"a page of 6,500 characters     {6500 * batched / size:8.2f} s")
    print(f"gazetteer                      {1000 * seconds(lambda: Gazetteer(rows)):8.1f} ms")
    print(f"dictionary                     {1000 * seconds(lambda: words.freq('江')):8.1f} ms")


if __name__ == "__main__":
    main()
