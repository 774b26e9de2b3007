"""Linking: which division a name is, what 市 and 我区 stand for, and what is one thing under several names."""

from __future__ import annotations

from itertools import permutations

import pytest

from by_hand import called, known, mentions, reading
from kg.gazetteer import gazetteer
from kg.link.local import local
from kg.link.merge import resolve
from kg.link.people import groups
from kg.link.places import Surroundings
from kg.link.things import identifiers, things
from kg.model import Claim, Kind, Knowledge, Predicate, Reading, Span

ZHUZHOU = "株洲市"


def entities(knowledge: Knowledge) -> dict[str, str]:
    """Name → id of what pages name."""
    return {entity.name: entity.id for entity in knowledge.entities if entity.pages}


# -- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("home", "printed", "code"),
    [
        (ZHUZHOU, "株洲", "4302"),
        (ZHUZHOU, "天元", "430211"),
        (ZHUZHOU, "天元区", "430211"),
        ("", "株洲", "4302"),
        ("", "天元", ""),  # a short form of a county says nothing without a home
        ("", "鼓楼区", ""),  # four cities have one
        ("福州市", "鼓楼区", "350102"),
        ("南京市", "鼓楼区", "320106"),
        (ZHUZHOU, "吉林", "22"),
        ("天津市", "河北", "13"),  # the province, though a district of the city is called so too
        ("天津市", "河北区", "120105"),
        ("海南藏族自治州", "海南", "46"),
        (ZHUZHOU, "江山", ""),  # a common word
        (ZHUZHOU, "云泽市", ""),
    ],
)
def test_a_name_is_the_division_nearest_to_home(home: str, printed: str, code: str) -> None:
    found = Surroundings(gazetteer().home(home) if home else None).division(printed)
    assert (found.code if found else "") == code


def test_a_short_form_beside_its_city_is_the_district() -> None:
    tianjin = gazetteer().home("天津市")
    found = Surroundings(None).division("河北", tianjin)
    assert found is not None
    assert found.name == "河北区"


def test_what_the_article_named_before_is_meant() -> None:
    (names,) = called("[南京市:Place]和[鼓楼区:Place]")
    assert names["鼓楼区"] == "鼓楼区"
    ids = entities(known("[南京市:Place]和[鼓楼区:Place]"))
    assert ids.keys() >= {"南京市", "鼓楼区"}
    (within,) = [s for s in known("[南京市:Place]和[鼓楼区:Place]").statements if s.subject == ids["鼓楼区"]]
    assert within.object == ids["南京市"]


def test_a_short_form_and_a_full_one_are_one_place() -> None:
    knowledge = known("[株洲:Place]的[天元:Place]、[天元区:Place]、[株洲市:Place]", home=ZHUZHOU)
    assert set(entities(knowledge)) == {"株洲市", "天元区"}
    assert {e.name: e.aliases for e in knowledge.entities if e.pages} == {"株洲市": ("株洲",), "天元区": ("天元",)}


def test_a_town_is_looked_for_in_the_county_that_holds_it() -> None:
    """There is a 龙门镇 in many counties; the scope says which is meant."""
    (names,) = called("[[渌口区:Place][龙门镇:Place]:Place]", home=ZHUZHOU)
    assert names["渌口区龙门镇"] == names["龙门镇"] == "龙门镇"
    ids = known("[渌口区:Place][龙门镇:Place]", home=ZHUZHOU)
    town = next(e for e in ids.entities if e.name == "龙门镇")
    assert ("place/渌口区") in {s.object for s in ids.statements if s.subject == town.id}


def test_two_divisions_in_one_name_are_the_last_of_them() -> None:
    assert called("[云南省昆明市:Place]开会。[昆明:Place]很热。")[0] == {"云南省昆明市": "昆明市", "昆明": "昆明市"}


def test_a_misprint_is_the_place_of_the_city_that_differs_in_one_character() -> None:
    knowledge = known("[涪口区:Place]的[[涪口区:Place]水利局:Agency]", home=ZHUZHOU)
    place = next(e for e in knowledge.entities if e.name == "渌口区")
    assert (place.printed_as, place.aliases) == (("涪口区",), ())


def test_a_misprint_far_from_home_is_left_as_it_stands() -> None:
    assert called("[涪口区:Place]", home="长春市")[0] == {"涪口区": "涪口区"}
    assert called("[涪口区:Place]")[0] == {"涪口区": "涪口区"}


def test_a_mended_place_completes_names() -> None:
    (names,) = called("[[涪口区:Place]水利局:Agency]。[渌口区:Place]的[区水利局:Agency]", home=ZHUZHOU)
    assert names["涪口区"] == "渌口区"
    assert names["区水利局"] == names["涪口区水利局"]


# -- relative places -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "home", "surface", "full"),
    [
        ("[市水利局:Agency]", ZHUZHOU, "市水利局", "株洲市水利局"),
        ("[省水利厅:Agency]", ZHUZHOU, "省水利厅", "湖南省水利厅"),
        ("[天元区:Place]和[区水利局:Agency]", ZHUZHOU, "区水利局", "天元区水利局"),
        ("[天元区:Place]。[市水利局:Agency]", ZHUZHOU, "市水利局", "株洲市水利局"),
        ("[茶陵县:Place]。[县委:Agency]", ZHUZHOU, "县委", "茶陵县委"),
        ("[茶陵县:Place]。[天元区:Place]。[县委:Agency]", ZHUZHOU, "县委", "茶陵县委"),
        ("[茶陵县:Place]。[攸县:Place]。[县委:Agency]", ZHUZHOU, "县委", "攸县委"),
        ("[昆明市:Place]。[市委:Agency]", "", "市委", "昆明市委"),
        ("[昆明市:Place]。[省委:Agency]", "", "省委", "云南省委"),
        ("[北海市:Place]。[自治区人大:Agency]", "", "自治区人大", "广西壮族自治区人大"),
        ("[白石街道:Place]。[街道办事处:Agency]", ZHUZHOU, "街道办事处", "白石街道办事处"),
        ("[县委:Agency]。[茶陵县:Place]", ZHUZHOU, "县委", "茶陵县委"),
    ],
)
def test_a_level_word_stands_for_the_place_that_the_article_speaks_of(
    text: str, home: str, surface: str, full: str
) -> None:
    (names,) = called(text, home=home)
    assert names[surface] == full


def test_where_no_place_is_known_a_body_is_called_as_it_is_printed() -> None:
    assert called("[市委:Agency]")[0] == {"市委": "市委"}
    assert called("[县委:Agency]", home=ZHUZHOU)[0] == {"县委": "县委"}


def test_two_articles_of_two_cities_each_speak_of_their_own() -> None:
    first, second = called("[昆明市:Place]，[市委:Agency]", "[贵阳市:Place]，[市委:Agency]")
    assert (first["市委"], second["市委"]) == ("昆明市委", "贵阳市委")


def test_a_district_of_a_zone_has_no_committee_of_its_own() -> None:
    """区委 is of the district named before the zone, for a zone is no division."""
    (names,) = called("[天元区:Place]，[云龙示范区:Place]，[区委:Agency]", home=ZHUZHOU)
    assert names["区委"] == "天元区委"


# -- one thing, several names ----------------------------------------------------------------------------------------


def test_a_body_is_one_under_all_its_forms() -> None:
    text = "[[株洲市:Place]水利局:Agency]。[市水利局:Agency]。[株洲:Place][水利局:Agency]"
    knowledge = known(text, home=ZHUZHOU)
    (body,) = [e for e in knowledge.entities if e.kind is Kind.AGENCY]
    assert (body.name, len(body.mentions)) == ("株洲市水利局", 3)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[[市公安局:Agency]交警支队:Agency]", "株洲市公安局交警支队"),
        ("[[[市公安局:Agency]交警支队:Agency]石峰大队:Agency]", "株洲市公安局交警支队石峰大队"),
        ("[[[株洲市:Place]公安局:Agency]交警支队:Agency]", "株洲市公安局交警支队"),
        ("[[株洲化工厂:Enterprise]工会:Agency]", "株洲化工厂工会"),
    ],
)
def test_a_unit_bears_the_full_name_of_its_body(text: str, name: str) -> None:
    agencies = {a.name: a for a in known(text, home=ZHUZHOU).entities if a.kind is Kind.AGENCY}
    assert name in agencies
    printed = text.translate(str.maketrans("", "", "[]")).replace(":Agency", "").replace(":Place", "")
    assert printed.replace(":Enterprise", "") in {*agencies[name].aliases, name}


def test_an_organ_is_one_under_its_short_and_full_word() -> None:
    knowledge = known("[[株洲市:Place]发改委:Agency]。[市发展和改革委员会:Agency]", home=ZHUZHOU)
    (body,) = [e for e in knowledge.entities if e.kind is Kind.AGENCY]
    assert body.name == "株洲市发展和改革委员会"


def test_the_party_committee_is_one_with_and_without_the_party() -> None:
    (names,) = called("[中共[株洲市:Place]委:Agency]。[市委:Agency]。[株洲市:Place]", home=ZHUZHOU)
    assert names["中共株洲市委"] == names["市委"]


def test_a_level_word_is_not_doubled() -> None:
    (names,) = called("[[攸县:Place]县委:Agency]", home=ZHUZHOU)
    knowledge = known("[[攸县:Place]县委:Agency]。[县委:Agency]", home=ZHUZHOU)
    assert len([e for e in knowledge.entities if e.kind is Kind.AGENCY]) == 1, names


@pytest.mark.parametrize(
    ("printed", "also"),
    [
        ("“清溪”倡议", {"清溪"}),
        ("“一窗办好”服务模式", {"一窗办好"}),
        ("“清溪”倡议启动仪式", set()),  # what is opened there is another thing
        ("清溪倡议", set()),
    ],
)
def test_what_is_quoted_in_a_program_is_a_name_of_it(printed: str, also: set[str]) -> None:
    [program] = known(f"[{printed}:Program]", home=ZHUZHOU).entities
    assert set(program.aliases) - {printed} == also


def test_quotes_make_no_other_program() -> None:
    knowledge = known("[“清溪”行动:Program]，[清溪行动:Program]", home=ZHUZHOU)
    (program,) = [e for e in knowledge.entities if e.kind is Kind.PROGRAM]
    assert program.name == "清溪行动"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[[通化市:Place]林业局:Agency]派人到村里。随后[林业局:Agency]又派了人。", Kind.AGENCY),
        ("[澄光集团有限公司:Enterprise]（“[澄光集团:Enterprise]”）投产，[澄光集团:Enterprise]盈利。", Kind.ENTERPRISE),
    ],
)
def test_a_shorter_name_is_its_only_fuller_one(text: str, kind: Kind) -> None:
    assert len([e for e in known(text).entities if e.kind is kind]) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[澄光食品有限公司:Enterprise]和[海岳水泥有限公司:Enterprise]", Kind.ENTERPRISE),
        ("[[昆明市:Place]水利局:Agency]和[[贵阳市:Place]水利局:Agency]", Kind.AGENCY),
        ("[骆知行:Person]和[骆知:Person]", Kind.PERSON),
    ],
)
def test_two_names_are_two_things(text: str, kind: Kind) -> None:
    assert len([e for e in known(text).entities if e.kind is kind]) == 2


# -- people and pages ------------------------------------------------------------------------------------------------


def post(page: str, home: str, place: str, person: str = "王伟") -> Reading:
    """A page on which a person is head of a place's water bureau."""
    text = f"[[{place}:Place]水利局:Agency]局长[{person}:Person]"
    one, found = mentions(text, f"{page}#0")
    who, body = (next(m.id for m in found if m.kind is kind) for kind in (Kind.PERSON, Kind.AGENCY))
    said = Claim(one.id, who, Predicate.HOLDS_POST_IN, body, Span(0, len(one.text)), "network", "局长")
    return reading(text, home=home, page=page, claims=[said])


def people(*readings: Reading) -> list[str]:
    return [e.id for e in resolve(readings).entities if e.kind is Kind.PERSON]


def test_people_of_one_name_are_one_where_a_post_says_so() -> None:
    assert people(post("a", ZHUZHOU, "天元区"), post("b", ZHUZHOU, "天元区")) == ["person/王伟"]
    three = "欧阳静"
    assert len(people(post("a", ZHUZHOU, "天元区", three), post("b", ZHUZHOU, "荷塘区", three))) == 1


def test_people_of_one_name_are_two_without_a_reason() -> None:
    assert people(post("a", ZHUZHOU, "天元区"), post("b", ZHUZHOU, "荷塘区")) == ["person/王伟@a", "person/王伟@b"]
    assert len(people(reading("[王伟:Person]来了。", page="a"), reading("[王伟:Person]走了。", page="b"))) == 2


PAGES = (
    post("a", ZHUZHOU, "天元区"),
    post("b", ZHUZHOU, "荷塘区"),
    post("c", "长沙市", "岳麓区"),
    reading("[市水利局:Agency]和[人民路:Place]", "[涪口区:Place]", home=ZHUZHOU, page="d"),
)


@pytest.mark.parametrize("order", list(permutations(range(len(PAGES)))), ids=lambda order: "".join(map(str, order)))
def test_the_order_of_pages_changes_nothing(order: tuple[int, ...]) -> None:
    assert resolve([PAGES[i] for i in order]) == resolve(PAGES)


def test_one_street_name_in_two_cities_is_two_streets() -> None:
    pages = [reading("[人民路:Place]", home=home, page=page) for home, page in ((ZHUZHOU, "a"), ("长沙市", "b"))]
    assert len([e for e in resolve(pages).entities if e.name == "人民路"]) == 2
    same = [reading("[人民路:Place]", home=ZHUZHOU, page=page) for page in ("a", "b")]
    assert len([e for e in resolve(same).entities if e.name == "人民路"]) == 1


def test_a_place_cannot_lie_in_what_lies_in_it() -> None:
    one, found = mentions("[云台:Place]和[雾谷:Place]")
    ids = [m.id for m in found]
    both = [
        Claim(one.id, a, Predicate.WITHIN, b, Span(0, 5), "network") for a, b in ((ids[0], ids[1]), (ids[1], ids[0]))
    ]
    said = reading("[云台:Place]和[雾谷:Place]", claims=both)
    assert [s for s in resolve([said]).statements if s.evidence] == []


@pytest.mark.parametrize(
    "keys",
    [
        ("agency:云台学院@株洲市", "agency:enterprise:云台学院@株洲市"),
        ("agency:云台学院@株洲市", "agency:云台学院@云泽市", "agency:place:4302/云台学院"),
        ("person:骆知行@a", "person:骆知行@b"),
    ],
)
def test_two_things_never_have_one_id(keys: tuple[str, ...]) -> None:
    found = identifiers("agency/云台学院", keys)
    assert len(set(found.values())) == len(keys)
    assert all(one.startswith("agency/云台学院@") for one in found.values())


def test_a_body_of_a_firm_is_one_whether_the_firm_is_seen_in_it_or_not() -> None:
    text = "[[云台电动:Enterprise]产业学院:Agency]开学，[云台电动产业学院:Agency]招生"
    knowledge = known(text, home=ZHUZHOU)
    assert [one.id for one in knowledge.entities if one.kind is Kind.AGENCY] == ["agency/云台电动产业学院"]


# -- step by step ----------------------------------------------------------------------------------------------------


def _cooperation(page: str, subject: int, other: int) -> Claim:
    return Claim(f"{page}#0", f"{page}#0:m{subject}", Predicate.COOPERATES_WITH, f"{page}#0:m{other}", Span(0, 3), "r")


def test_a_page_is_linked_by_itself() -> None:
    """What one page says of a thing is the same whatever pages are beside it, and names the page's own mentions."""
    text = "[[株洲市:Place]水利局:Agency]和[天元集团:Enterprise]"
    page = local(reading(text, home=ZHUZHOU, page="a", claims=[_cooperation("a", 1, 3)]))
    assert [share.key for share in page.shares] == ["agency:place:4302/水利局", "enterprise:天元集团", "place:4302"]
    assert page.keys == {mention: share.key for share in page.shares for mention in share.mentions}
    assert [(said.subject, said.object) for said in page.said] == [("agency:place:4302/水利局", "enterprise:天元集团")]


def test_shares_make_one_thing_in_any_order() -> None:
    pages = [
        local(reading(f"[{name}:Place]", home=ZHUZHOU, page=page))
        for page, name in zip("abc", ("天元", "天元区", "天元"), strict=True)
    ]
    shares = [share for page in pages for share in page.shares]
    made = {repr(things(order)) for order in permutations(shares)}
    assert len(made) == 1
    (thing,) = things(shares)
    assert (thing.name, thing.aliases, thing.pages, thing.code) == ("天元区", ("天元",), ("a", "b", "c"), "430211")


def test_many_namesakes_are_parted_in_a_step_a_page() -> None:
    """Pages tied in a chain through each other are one person; the work does not grow with the square of the pages."""
    chain = {f"{number:04}": (f"agency:{number}", f"agency:{number + 1}") for number in range(3000)}
    lone = {f"x{number:04}": () for number in range(3000)}
    parts = groups(chain | lone, "李明")
    assert [len(part) for part in parts] == [3000, *[1] * 3000]
    assert parts == sorted(parts)
