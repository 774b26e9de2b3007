"""How fast the network reads, on a text of our own, beside Baidu's bare tagger: `python -m bench.bench_tagger`.

Figures of one run are comparable with each other only, so what counts are the ratios.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from bench.lac_small import tag
from kg.gazetteer import Gazetteer, gazetteer
from kg.model import Span
from kg.network import read_articles
from kg.network.spans import scored_spans

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
START_UP = "import time, kg; kg.tag('城东区召开会议。', home='株洲市'); print(time.process_time())"


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call, the best of three."""
    return min(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def read(texts: list[str]) -> None:
    """All that the network says of these texts, each an article of one sentence."""
    for signals in read_articles([(text, (Span(0, len(text)),)) for text in texts]):
        scored_spans(signals)


def start_up() -> float:
    """Processor seconds of a fresh process from import to first name, interpreter included."""
    return float(subprocess.run([sys.executable, "-c", START_UP], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print the figures."""
    texts = list(SENTENCES) * 8
    size = sum(map(len, texts))
    read(texts[:1])
    tag(texts[:1])
    batched, bare = seconds(lambda: read(texts)), seconds(lambda: tag(texts))
    single = seconds(lambda: [read([text]) for text in texts])
    rows = gazetteer()._rows
    print(f"start-up to first name         {start_up():8.2f} s")
    print(f"the network, batched           {size / batched:8,.0f} characters/s")
    print(f"the network, one by one        {size / single:8,.0f} characters/s")
    print(f"batched / one by one           {single / batched:8.2f} ×")
    print(f"the bare tagger, batched       {size / bare:8,.0f} characters/s")
    print(f"the network / the bare tagger  {batched / bare:8.2f} ×")
    print(f"a page of 6,500 characters     {6500 * batched / size:8.2f} s")
    print(f"gazetteer                      {1000 * _once(lambda: Gazetteer(rows)):8.1f} ms")


if __name__ == "__main__":
    main()
