"""FollowTheMoney, read and validated by its own library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.export import export
from kg.export.ftm import LEGAL_ENTITIES, ORGANIZATIONS, SCHEMATA, identifier
from tests.export.sample import FACTS, ID, KINDS, PAGES

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


def test_schemata_are_those_of_the_model() -> None:
    for kind, name in SCHEMATA.items():
        schema = model.get(name)
        assert schema is not None, kind
        assert schema.is_a("Organization") == (name in ORGANIZATIONS)
        assert schema.is_a("LegalEntity") == (name in LEGAL_ENTITIES)
