"""A small graph of the contract, and an application over it. All names are invented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from starlette.applications import Starlette
from starlette.testclient import TestClient

from kg.serve import _listening
from kg.serve.app import make_app
from kg.serve.ondisk import open_store
from kg.serve.server import server_for
from kg.serve.settings import Settings

ID = "https://w3id.org/fangzhi/id/"
TOKEN = "open-sesame"
WRITE = {"Authorization": f"Bearer {TOKEN}"}

GRAPH = """
@prefix kg: <https://w3id.org/fangzhi/ontology#> .
@prefix id: <https://w3id.org/fangzhi/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/fangzhi/id/person/林远> a kg:Official, kg:Person, kg:Thing ; skos:prefLabel "林远"@zh ;
  kg:mentionedIn <https://w3id.org/fangzhi/id/page/一版.txt> ;
  kg:holdsPostIn <https://w3id.org/fangzhi/id/agency/云泽市清河区水利局> .
<https://w3id.org/fangzhi/id/person/林远@医生> a kg:Person, kg:Thing ; skos:prefLabel "林远"@zh .
<https://w3id.org/fangzhi/id/person/张伟> a kg:Person, kg:Thing ; skos:prefLabel "张伟"@zh .
<https://w3id.org/fangzhi/id/agency/云泽市清河区水利局> a kg:Agency, kg:Thing ; skos:prefLabel "云泽市清河区水利局"@zh ;
  skos:altLabel "清河区水利局"@zh ; kg:governs <https://w3id.org/fangzhi/id/place/清河区> ;
  kg:mentionedIn <https://w3id.org/fangzhi/id/page/一版.txt> .
<https://w3id.org/fangzhi/id/agency/清河区人力资源和社会保障局> a kg:Agency, kg:Thing ;
  skos:prefLabel "清河区人力资源和社会保障局"@zh .
<https://w3id.org/fangzhi/id/place/清河区> a kg:Place, kg:Thing ; skos:prefLabel "清河区"@zh .
<https://w3id.org/fangzhi/id/enterprise/%3Cscript%3E> a kg:Enterprise, kg:Thing ;
  skos:prefLabel "<script>alert(1)</script>"@zh ; skos:altLabel "\\"><img src=x onerror=alert(1)>"@zh .
<https://w3id.org/fangzhi/id/page/一版.txt> a kg:Page ; dcterms:identifier "一版.txt" ; kg:newspaper "云泽日报" ;
  dcterms:issued "2024-05-06"^^xsd:date .
<https://w3id.org/fangzhi/id/claim/1> a kg:Claim, rdf:Statement ;
  rdf:subject <https://w3id.org/fangzhi/id/person/林远> ;
  rdf:predicate kg:holdsPostIn ; rdf:object <https://w3id.org/fangzhi/id/agency/云泽市清河区水利局> ;
  kg:status "asserted" ; kg:postTitle "副局长"@zh ; kg:rule "apposition" ; kg:observedOn "2024-05-06"^^xsd:date ;
  kg:evidence <https://w3id.org/fangzhi/id/evidence/一版.txt/0-17> .
<https://w3id.org/fangzhi/id/evidence/一版.txt/0-17> a oa:SpecificResource ; kg:start 0 ; kg:end 17 ;
  oa:hasSource <https://w3id.org/fangzhi/id/page/一版.txt> ; oa:exact "清河区水利局副局长林远说<b>水</b>。" .
"""


@contextmanager
def serving(settings: Settings) -> Iterator[TestClient]:
    """The application in this process, its query processes running."""
    store, _ = open_store(settings.output, settings.store, settings.writable)
    try:
        with TestClient(make_app(settings, store), "http://localhost", raise_server_exceptions=False) as client:
            yield client
    finally:
        store.close()


@contextmanager
def listening(settings: Settings) -> Iterator[tuple[str, Starlette]]:
    """The server in a thread of this process, for settings that the command line does not give; its address."""
    store, _ = open_store(settings.output, settings.store, settings.writable)
    with _listening(replace(settings, port=0)) as listener:
        listener.listen()
        app = make_app(settings, store)
        server = server_for(app, settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until(lambda: server.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", app
        finally:
            server.should_exit = True
            thread.join()
            store.close()


@contextmanager
def served(
    *arguments: str, before: Callable[[], None] | None = None, log: Path | None = None, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`kg serve` in a process of its own on a free port of loopback, and its address.

    `before` runs in the new process first. What it says goes to `log` where there is one.
    """
    command = [sys.executable, "-m", "kg", "serve", *arguments, "--port", "0"]
    with ExitStack() as stack:
        errors = stack.enter_context(log.open("w")) if log else subprocess.PIPE
        variables = os.environ | {"PYTHONIOENCODING": "utf-8"} | environment
        process = stack.enter_context(
            subprocess.Popen(command, stderr=errors, encoding="utf-8", env=variables, preexec_fn=before)
        )
        stack.callback(process.kill)
        address = _address(process, log)
        _wait(address)
        yield process, address


def _address(process: subprocess.Popen[str], log: Path | None) -> str:
    """What the server says about itself."""
    line = ""
    while process.poll() is None and "http://" not in line:
        if log:
            time.sleep(0.05)
            line = log.read_text(encoding="utf-8")
        elif process.stderr:
            line = process.stderr.readline()
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, line
    return found[0]


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.02)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            urlopen(f"{address}/openapi.json").close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not answer")
