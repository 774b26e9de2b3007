"""FollowTheMoney, read and validated by its own library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.export import export
from kg.export.ftm import LEGAL_ENTITIES, ORGANIZATIONS, SCHEMATA, identifier
from tests.export.sample import FACTS, ID, KG, KINDS, PAGES

if TYPE_CHECKING:
    from followthemoney.proxy import EntityProxy

model = pytest.importorskip("followthemoney", reason="pip install '.[ftm]' (needs libicu-dev, pkg-config, g++)").model


@pytest.fixture
def proxies(build: Path, tmp_path: Path) -> dict[str, EntityProxy]:
    """Every entity of the export by id, taken as it is (nothing cleaned on the way in)."""
    lines = export(build, "ftm", tmp_path / "entities.ftm.json").path.read_text("utf-8").splitlines()
    loaded = [model.get_proxy(json.loads(line), cleaned=True) for line in lines]
    assert len({proxy.id for proxy in loaded}) == len(loaded)
    return {proxy.id: proxy for proxy in loaded}


def of(local: str) -> str:
    return identifier(str(ID[local]))


def edge(proxies: dict[str, EntityProxy], schema: str, source: str, target: str) -> EntityProxy:
    for proxy in proxies.values():
        prop, other = proxy.schema.source_prop, proxy.schema.target_prop
        if proxy.schema.name == schema and proxy.get(prop) == [source] and proxy.get(other) == [target]:
            return proxy
    raise AssertionError(f"no {schema}")


def test_every_entity_is_valid(proxies: dict[str, EntityProxy]) -> None:
    for proxy in proxies.values():
        proxy.schema.validate(proxy.to_dict())
        assert all(proxy.get(required) for required in proxy.schema.required)
        for prop, value in proxy.itervalues():
            assert prop.type.validate(value), (prop.qname, value)
            assert prop.type.clean(value, proxy=proxy) == value, (prop.qname, value)


def test_every_link_ends_at_an_entity_of_the_right_schema(proxies: dict[str, EntityProxy]) -> None:
    for proxy in proxies.values():
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                assert proxies[value].schema.is_a(prop.range), (prop.qname, proxies[value].schema)


def test_things_and_pages(proxies: dict[str, EntityProxy]) -> None:
    expected = {of(local): SCHEMATA[kinds[0]] for local, kinds in KINDS.items()}
    assert {key: proxies[key].schema.name for key in expected} == expected
    assert all(proxy.caption for proxy in proxies.values())
    assert sum(proxy.schema.name == "Document" for proxy in proxies.values()) == len(PAGES)
    official = proxies[of("person/安如山")]
    assert official.get("weakAlias") == ["安加山"]
    assert official.get("position") == ["云泽市水利局局长"]
    assert official.get("topics") == []


def test_a_post_is_a_position_with_an_occupancy(proxies: dict[str, EntityProxy]) -> None:
    post = identifier(str(ID["agency/云泽市水利局"]), "局长")
    tenure = edge(proxies, "Occupancy", of("person/安如山"), post)
    assert proxies[post].get("name") == ["云泽市水利局局长"]
    assert proxies[post].get("organization") == [of("agency/云泽市水利局")]
    assert tenure.get("description") == ["市水利局局长安如山到场。", "安如山任水利局局长。"]
    assert tenure.get("publisher") == ["云泽日报"]
    assert tenure.get("date") == ["2021-03-05", "2021-03-06"]
    assert len(tenure.get("proof")) == 2
    assert tenure.get("summary") == ["rule: sample-rule"]


EDGES = {
    ("person/顾小满", "enterprise/澄江重工集团"): "Membership",
    ("agency/云泽市水利局", "program/清水工程"): "ProjectParticipant",
    ("place/青石镇", "program/清水工程"): "UnknownLink",
    ("enterprise/hostile", "place/青石镇"): "UnknownLink",
    ("agency/云泽市人民政府", "enterprise/澄江重工集团"): "UnknownLink",
    ("agency/云泽市人民政府", "place/云泽市"): "UnknownLink",
}


@pytest.mark.parametrize("ends", EDGES, ids=lambda ends: "-".join(ends))
def test_other_facts_are_edges(proxies: dict[str, EntityProxy], ends: tuple[str, str]) -> None:
    assert len(edge(proxies, EDGES[ends], of(ends[0]), of(ends[1])).get("role")) == 2


def test_what_is_kept_on_the_thing(proxies: dict[str, EntityProxy]) -> None:
    assert proxies[of("agency/云泽市水利局")].get("parent") == [of("agency/云泽市人民政府")]
    assert proxies[of("enterprise/hostile")].get("addressEntity") == [of("place/青石镇")]


def test_only_what_is_so(proxies: dict[str, EntityProxy]) -> None:
    edges = [proxy for proxy in proxies.values() if proxy.schema.edge]
    assert len(edges) == sum(fact[4] == "asserted" for fact in FACTS)


def test_the_country_is_that_of_the_newspapers(proxies: dict[str, EntityProxy]) -> None:
    """Of every place, body, firm, program, post and page, and of persons with a post."""
    things = [proxy for proxy in proxies.values() if proxy.schema.is_a("Thing")]
    assert {tuple(proxy.get("country")) for proxy in things} == {("cn",)}


NAMED = {
    "agency/美国商务部": [],
    "place/韩国": [],
    "enterprise/美丽家居公司": ["cn"],
    "person/何远": [],  # no post
    "person/方白": [],  # a post over there
    "person/石青": ["cn"],
}
POSTS = (("person/方白", "agency/美国商务部"), ("person/石青", "enterprise/美丽家居公司"))


@pytest.mark.parametrize("named", NAMED)
def test_what_is_named_after_another_country_has_none(named: str, tmp_path: Path) -> None:
    (tmp_path / "graph.nt").write_text("".join(abroad()), "utf-8")
    lines = export(tmp_path / "graph.nt", "ftm", tmp_path / "out.json").path.read_text("utf-8").splitlines()
    told = {entity["id"]: entity["properties"] for entity in map(json.loads, lines)}
    assert told[of(named)].get("country", []) == NAMED[named]
    assert told[identifier(str(ID["agency/美国商务部"]), "部长")].get("country", []) == []


def abroad() -> Iterator[str]:
    rdf, label = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2004/02/skos/core#prefLabel"
    for local in NAMED:
        kind, _, name = local.partition("/")
        yield f'<{ID[local]}> <{rdf}type> <{KG[kind.title()]}> .\n<{ID[local]}> <{label}> "{name}"@zh .\n'
    for person, body in POSTS:
        claim = f"<{ID['claim/' + person]}>"
        yield f'{claim} <{rdf}type> <{KG.Claim}> .\n{claim} <{KG.inferredFrom}> "sample" .\n'
        yield f"{claim} <{rdf}subject> <{ID[person]}> .\n{claim} <{rdf}object> <{ID[body]}> .\n"
        yield f'{claim} <{rdf}predicate> <{KG.holdsPostIn}> .\n{claim} <{KG.postTitle}> "部长"@zh .\n'


def test_yente_finds_the_same_entities_by_a_manifest(build: Path, tmp_path: Path) -> None:
    from followthemoney.dataset import DataCatalog, Dataset

    folder = export(build, "yente", tmp_path / "yente").path
    [dataset] = DataCatalog.from_path(Dataset, folder / "manifest.yml").datasets
    assert dataset.model.title == "方志 云泽日报"
    assert dataset.model.coverage is not None
    assert (dataset.model.coverage.countries, dataset.model.coverage.start) == (["cn"], "2021-03-05")
    assert dataset.model.coverage.end == "2021-03-05"  # the other dates are not certain
    entities = folder / "entities.ftm.json"
    assert f"path: /data/fangzhi/{entities.name}\n" in (folder / "manifest.yml").read_text("utf-8")
    assert "YENTE_MANIFEST=/data/fangzhi/manifest.yml" in (folder / "README.txt").read_text("utf-8")
    assert entities.read_bytes() == export(build, "ftm", tmp_path / "ftm.json").path.read_bytes()


def test_a_manifest_without_newspapers_and_dates(tmp_path: Path) -> None:
    from followthemoney.dataset import DataCatalog, Dataset

    (tmp_path / "graph.nt").write_text("".join(abroad()), "utf-8")
    folder = export(tmp_path / "graph.nt", "yente", tmp_path / "yente").path
    assert [d.name for d in DataCatalog.from_path(Dataset, folder / "manifest.yml").datasets] == ["fangzhi"]


def test_schemata_are_those_of_the_model() -> None:
    for kind, name in SCHEMATA.items():
        schema = model.get(name)
        assert schema is not None, kind
        assert schema.is_a("Organization") == (name in ORGANIZATIONS)
        assert schema.is_a("LegalEntity") == (name in LEGAL_ENTITIES)
