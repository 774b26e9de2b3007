"""What a text file can hold that nobody would print: name → bytes. `good` is what a page should be."""

from __future__ import annotations

import codecs

from bench.odd import PIECES

HEADLINE = "云泽市开渠通水"
SAID = "云泽市水利局局长骆知行昨日到望舒区白蘋镇检查“清溪”行动。"
GOOD = "蓝屿晚报\n2024年5月6日 星期一 第A01版\n澄江县新桥通车\n　　澄江县县长沐川昨天到青禾街道看望居民。\n"


def page(body: str, headline: str = HEADLINE) -> bytes:
    """A page of one article whose text is `body`."""
    return f"{headline}\n　　{SAID}\n　　{body}\n".encode("utf-8", "surrogatepass")


PLAIN = page("会议由云泽市政府主持召开。").decode()

# Each in the text, in the headline and as the newspaper's name: what is meant for a reader of the output.
INJECTED = {
    "script": "<script>alert(1)</script>",
    "script's end": "</script><script>alert(1)//",
    "image": "<img src=x onerror=alert(1)>",
    "comment": "<!-- --!> ]]> <![CDATA[",
    "entity": "&lt;b&gt; &#0; &#xD800; &nbsp",
    "attribute": "' onmouseover='alert(1)\" x=\"",
    "sql": "'); DROP TABLE readings; --",
    "sparql": '"} . ?s ?p ?o } ; DROP ALL #',
    "turtle": '""" . <x> <y> """@zh ^^<z> \\u0000 \\',
    "iri": "<http://x/ > <javascript:alert(1)>",
    "csv": '=HYPERLINK("http://x","a"),@SUM(1),+1,-1\t"',
    "markdown": "[a](javascript:alert(1)) **b** `c` | d |",
    "json": '{"a": [1, 2}, \\"\\ud800',
    "terminal": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "rich": "[red]红[/red] [/] [link=http://x]",
    "format": "%s %n {0} {} ${x} $(id) `id`",
    "path": "../../etc/passwd \\\\host\\share C:\\",
    "template": "{{ 7 * 7 }} {% raw %} <%= 1 %>",
}

MARKS = {
    "combining": "水\u0301\u0302\u0303利局" + "\u0301" * 300,
    "private use": "\ue000\uf8ff\U000f0000市水利局",
    "unassigned": "\u0378\U000e0fff市水利局",
    "non-characters": "\ufffe\uffff\U0001ffff市",
    "right to left": "\u202e市水利局\u202c",
    "isolates": "\u2066\u2067\u2068市\u2069",
    "arabic": "مدينة 云泽市",
    "zero width": "云\u200b泽\u200c市\u200d水\u2060利\ufeff局",
    "tags": "\U000e0041\U000e007f市",
    "variation selectors": "葛\ufe00\U000e0100洲坝",
    "beyond the plane": "𠮷𡈽𪚥市𠮷局",
    "emoji": "👩‍👩‍👧‍👦市水利局🇨🇳",
    "soft hyphens": "水\u00ad利\u00ad局",
    "compatibility": "㈱市㎡水利局㍿",
    "radicals": "⽔⼒局⾏",
    "half-width kana": "ｶﾀｶﾅ市水利局",
    "ideographic description": "⿰氵力局",
    "object replacement": "\ufffc\ufffd市",
    "separators": "云\u2028泽\u2029市\x85水\x0b利\x0c局",
    "controls": "\x01\x02\x1b\x7f\x80\x9f市水利局",
    "tabs": "市\t水\t利\t局",
    "digits of every kind": "１²③٤५六〇年",
    "superscripts": "ᵃ⁰市",
    "mathematical": "𝟏𝟐月𝟑日",
}

ENDS = {
    "crlf": "\r\n",
    "cr": "\r",
    "lf and cr": "\n\r",
    "nel": "\x85",
    "ls": "\u2028",
    "ps": "\u2029",
    "vt": "\x0b",
    "ff": "\x0c",
    "mixed": "\r\n\n\r",
    "many": "\n" * 200,
    "record": "\x1e",
}

MANY = {
    "headlines": "".join(f"云泽市开渠{n}\n\n" for n in range(3_000)) + SAID,
    "articles": "".join(f"云泽市开渠{n}\n\n　　本报讯(记者 王强)今天水到了{n}村。\n\n" for n in range(400)),
    "bylines": "(记者 王强)" * 3_000 + "\n" + SAID,
    "bylines behind a text": SAID + "(记者 王强)" * 3_000,
    "lines of bylines": "记者 王强\n" * 2_000 + SAID,
    "datelines": "中新网海南万宁10月14日电 水到了。\n" * 400,
    "dates": "2024年5月6日" * 5_000,
    "dates without a year": "2024年,5月6日去了，" * 3_000,
    "names": "王强、李响、" * 1_500,
    "names with blanks": "王 强 李 响 " * 3_000,
    "bodies": "云泽市水利局、" * 800,
    "posts": "局长骆知行、副局长王强、" * 400,
    "mastheads": "云泽日报 2024年5月6日 第1版\n" * 1_000 + SAID,
    "captions": "图为渠水。王强 摄\n" * 500,
    "sentences": "水到了。" * 3_000,
    "ends of sentences": "。！？…" * 3_000,
    "quotes": "“水”《渠》（村）" * 1_000,
    "blank lines": "\n" * 50_000 + SAID,
    "blanks": " " * 50_000 + SAID,
    "blanks behind": SAID + " \u3000\t" * 20_000,
    "editors": "责任编辑:王强 校对:李响 " * 500 + "\n" + SAID,
    "jumps": "(下转第2版)" * 1_000 + SAID,
    "brackets": "（" * 2_000 + "水" + "）" * 2_000,
    "quotations inside": "“‘" * 1_000 + "水" + "’”" * 1_000,
    "books": "《" * 3_000 + "》" * 3_000,
    "levels": "省市县区镇村" * 500,
    "words for a place": "我市全县该区本镇" * 500,
    "dotted names": "阿依古丽·买买提" * 500,
    "wire": "据新华社电" * 500,
    "urls": "http://www.x.cn/" * 500 + SAID,
    "one word": "中华人民共和国" * 500,
}

ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "gb18030",
    "gbk",
    "big5",
    "big5hkscs",
    "hz",
    "utf-7",
    "shift_jis",
    "euc_kr",
    "iso2022_jp",
    "cp950",
)
TRADITIONAL = "雲澤市開渠通水\n雲澤市水利局局長昨日到望舒區檢查工作，會議由市政府主持召開。\n"
GB, UTF = PLAIN.encode("gb18030"), PLAIN.encode()
HALF = len(UTF) // 2 // 3 * 3

BYTES: dict[str, bytes] = {
    "empty": b"",
    "one byte": b"\n",
    "one character": "市".encode(),
    "one mark": "。".encode(),
    "blanks": b" \t\r\n" * 500,
    "ideographic blanks": "\u3000".encode() * 500,
    "zero-width alone": "\u200b".encode() * 500,
    "no end of line": UTF.rstrip(),
    "bom alone": codecs.BOM_UTF8,
    "two boms": codecs.BOM_UTF8 * 2 + UTF,
    "bom in the middle": UTF[:9] + codecs.BOM_UTF8 + UTF[9:],
    "utf-16 bom alone": codecs.BOM_UTF16_LE,
    "utf-32 bom alone": codecs.BOM_UTF32_LE,
    "utf-16 of an odd length": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le") + b"\x00",
    "utf-16 lone surrogate": codecs.BOM_UTF16_LE + b"\x00\xd8" + PLAIN.encode("utf-16-le"),
    "utf-16 behind a utf-8 bom": codecs.BOM_UTF8 + PLAIN.encode("utf-16-le"),
    "utf-8 behind a utf-16 bom": codecs.BOM_UTF16_LE + UTF,
    "utf-16 of the other end": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-be"),
    "utf-32 cut off": PLAIN.encode("utf-32")[:-3],
    "utf-8 and gbk": UTF + GB,
    "gbk and utf-8": GB + UTF,
    "lines of two encodings": b"".join(UTF.splitlines(True) + GB.splitlines(True)),
    "gb18030 cut off": GB[:-4],
    "utf-8 cut off": UTF.rstrip()[:-1],
    "four bytes of gb18030": "㐀䶵𠀀市的水利局".encode("gb18030"),
    "nul at the start": b"\0" + UTF,
    "nul in the middle": UTF[:HALF] + b"\0" + UTF[HALF:],
    "nul at the end": UTF + b"\0",
    "nul after 64 KiB": UTF + SAID.encode() * 900 + b"\0" + UTF,
    "nul everywhere": UTF + bytes(70_000),
    "nuls after 64 KiB": UTF * 800 + bytes(9),
    "ff at the start": b"\xff" + UTF,
    "ff in the middle": UTF[:HALF] + b"\xff" + UTF[HALF:],
    "ff at the end": UTF + b"\xff",
    "overlong": UTF + b"\xc0\xaf" + UTF,
    "surrogates": UTF + "\ud83d\ude00".encode("utf-8", "surrogatepass") + UTF,
    "lone continuation": UTF + b"\x80" + UTF,
    "beyond unicode": UTF + b"\xf7\xbf\xbf\xbf" + UTF,
    "latin-1": "Liège été".encode("latin-1"),
    "controls": bytes(range(1, 32)) * 200,
    "every byte": bytes(range(256)) * 30,
    "del": b"\x7f" * 300 + UTF,
    "escape": b"\x1b[31m" + UTF,
    "end of file": b"\x1a" + UTF,
    "english": b"The council met on Tuesday.\n" * 50,
    "japanese": "きのうの市議会で決まりました。\n".encode() * 50,
    "korean": "시의회가 어제 열렸다.\n".encode() * 50,
    "russian": "Городской совет.\n".encode() * 50,
    "digits": b"1234567890\n" * 900,
    "base64": b"5LqR5rO95biC5byA5rig6YCa5rC0\n" * 90,
    "json": b'{"text": "' + UTF.replace(b"\n", b"\\n") + b'"}',
    "csv": UTF.replace(b"\n", b",\n"),
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + UTF,
    "gzip": b"\x1f\x8b\x08\0" + UTF,
    "elf": b"\x7fELF" + bytes(99),
    "class": b"\xca\xfe\xba\xbe",
    "tar": b"p.txt" + bytes(95) + UTF,
    "sqlite": b"SQLite format 3\0" + UTF,
    "rtf": b"{\\rtf1\\ansi " + UTF + b"}",
    "xml": b"<?xml version='1.0'?>" + UTF,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'>" + UTF,
    "html inside": b"<html><body>" + UTF,
    "mail": b"From: a\nSubject: b\n\n" + UTF,
    "too large": "云泽".encode() * 400_000,
    "traditional": TRADITIONAL.encode() * 9,
    "traditional in big5": TRADITIONAL.encode("big5") * 9,
}


def texts() -> dict[str, bytes]:
    """Every odd text under its name."""
    found = dict(BYTES)
    for number, piece in enumerate(PIECES):
        found[f"run {number} of {piece.strip()[:6]}"] = (piece * (1_500 // len(piece))).encode()
    for name, odd in {**INJECTED, **MARKS}.items():
        found[f"{name} in the text"] = page(f"云泽市水利局{odd}局长骆知行{odd}到场，{odd}。")
        found[f"{name} in the headline"] = page(SAID, f"云泽市{odd}开渠")
    for name, odd in INJECTED.items():
        found[f"{name} as the masthead"] = f"{odd}云泽{odd}日报\n2024年5月6日\n{PLAIN}".encode()
    found |= {f"ends: {name}": PLAIN.replace("\n", end).encode() for name, end in ENDS.items()}
    found |= {f"many {name}": f"{HEADLINE}\n{text}\n".encode() for name, text in MANY.items()}
    found |= {f"in {code}": PLAIN.encode(code, "replace") for code in ENCODINGS}
    return found


# What once did not end: minutes of work for less than a megabyte.
HUGE_RUNS = ("局", "村", "、", "年", "1", "（", "“", "市长", "王", "\n", "。", " 王")
HUGE: dict[str, bytes] = {
    **{f"100,000 of {one}": (one * 100_000).encode() for one in HUGE_RUNS},
    "50 MB in one line": "云泽".encode() * 9_000_000,
    "600,000 characters": (SAID * 20_000).encode()[:1_999_998],
}
