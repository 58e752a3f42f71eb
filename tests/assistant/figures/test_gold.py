"""What is read from the made documents, against every fact in them."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.figures.matching import key_of
from assistant.figures.model import CellPlace, Figure, Reading, SentencePlace
from assistant.figures.reading import read_figures
from knowledge_base.readers.jail import Jail
from knowledge_base.settings import KnowledgeSettings

from .documents import SAMPLES, Fact, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("figures")


@pytest.fixture(scope="module")
def readings(folder: Path) -> dict[str, Reading]:
    done, failed = read_figures(written(folder), KnowledgeSettings())
    assert not failed
    return {one.source.file: one for one in done}


def is_that(figure: Figure, fact: Fact) -> bool:
    name, scope, period, value, unit, kind = fact
    return (
        key_of(name) <= key_of(figure.indicator)
        and len(key_of(figure.indicator) - key_of(name)) <= 5
        and (figure.scope.name if figure.scope else "") == scope
        and (figure.period.label if figure.period else "") == period
        and figure.value == Decimal(value)
        and (figure.unit.shown if figure.unit else "") == unit
        and figure.kind.value == kind
    )


def test_every_fact_is_found_and_nothing_else(readings: dict[str, Reading]) -> None:
    missed, found, wanted = [], 0, 0
    extra = []
    for sample in SAMPLES:
        left = list(readings[sample.name].figures)
        for fact in sample.facts:
            wanted += 1
            hit = next((one for one in left if is_that(one, fact)), None)
            if hit is None:
                missed.append((sample.name, fact))
            else:
                left.remove(hit)
                found += 1
        extra += [(sample.name, one.indicator, one.value, one.place.quote) for one in left]
    read = sum(len(one.figures) for one in readings.values())
    print(f"precision {found}/{read}, recall {found}/{wanted}", *missed, *extra, sep="\n")
    assert wanted >= 60
    assert len(SAMPLES) >= 12
    assert found / wanted >= 0.95, missed
    assert found / read >= 0.95, extra


def test_every_figure_can_be_found_again_where_it_says(
    readings: dict[str, Reading], folder: Path
) -> None:
    with Jail(KnowledgeSettings()) as jail:
        for reading in readings.values():
            read, tables = jail.read_cells(folder / reading.source.file)
            assert reading.source.text_sha256 == hashlib.sha256(read.text.encode()).hexdigest()
            for figure in reading.figures:
                place = figure.place
                if isinstance(place, SentencePlace):
                    assert read.text[place.start : place.end] == place.quote
                    assert read.text[place.number_start].isdigit()
                else:
                    assert isinstance(place, CellPlace)
                    column = ord(place.ref[0]) - 65
                    cell = tables[place.table - 1].rows[int(place.ref[1:]) - 1][column]
                    assert str(cell).replace(".", ",") == place.quote.replace(".", ",")
