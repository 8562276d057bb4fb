"""Files to take away. Their addresses carry no language; a workbook is in Vietnamese, or in English by `?lang=en`."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import AnyStr

from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from ...datapackage.writer import zip_chunks
from ...text.csv_writer import DIALECTS, csv_pieces
from ..decorators import dashboard
from ..exports.flat_sheet import flat_rows
from ..exports.reports import Report
from ..exports.workbook import write_workbook
from ..official_tables import OfficialTable, review_table, year_tables
from ..query_params import FILTER, check_year, file_language, known_only, report_selection, requested_day, term_of_year

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The address of a workbook names its term or year.
_BESIDE_A_TERM = tuple(name for name in FILTER if name != "term")


def csv_view(report: Report) -> Callable[..., HttpResponseBase]:
    """The view of one CSV report, which raises BadRequest for what it does not know."""

    @dashboard
    def download(request: HttpRequest) -> HttpResponseBase:
        """Streamed, under a name that says what it holds, of which term, as of when, in which form.

        Raises BadRequest for a parameter, form or filter that is not known.
        """
        known_only(request, *FILTER, "format")
        dialect, selection = DIALECTS.get(request.GET.get("format", "machine")), report_selection(request)
        if dialect is None:
            raise BadRequest(_("The format is one of: %(known)s.") % {"known": ", ".join(DIALECTS)})
        lines = _begun(csv_pieces(report.columns, report.rows(selection), dialect))
        parts = [report.name, *([str(selection.term.last_year)] if selection.term else []), selection.as_of.isoformat()]
        name = "-".join([*parts, *([dialect.name] if dialect.mark else [])])
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response

    return download


def _begun(lines: Iterator[AnyStr]) -> Iterator[AnyStr]:
    """The same pieces, the first of them already read: what cannot be read at all fails before the answer has begun."""
    first = list(islice(lines, 2))  # the heading needs no database, what follows it does

    def resumed() -> Iterator[AnyStr]:
        yield from first
        yield from lines

    return resumed()


@dashboard
def term_workbook(request: HttpRequest, last_year: int) -> HttpResponseBase:
    """The review of a term as a workbook, with every figure of its years and of the one before in a flat sheet."""
    known_only(request, *_BESIDE_A_TERM)
    term, language = term_of_year(last_year), file_language(request)
    with translation.override(language):
        table = review_table(report_selection(request, term))
        return _workbook(f"term-{last_year}", language, [table], (term.first_year - 1, last_year))


@dashboard
def year_workbook(request: HttpRequest, year: int) -> HttpResponseBase:
    """Plan and result of a year as a workbook, with every figure of it and of the one before in a flat sheet."""
    known_only(request, *_BESIDE_A_TERM)
    language = file_language(request)
    check_year(year)
    with translation.override(language):
        return _workbook(f"year-{year}", language, year_tables(report_selection(request), year), (year - 1, year))


def _workbook(name: str, language: str, tables: Sequence[OfficialTable], years: tuple[int, int]) -> HttpResponseBase:
    file = TemporaryFile()  # noqa: SIM115 the answer closes it
    write_workbook(file, tables, flat_rows(tables[0], *years))
    file.seek(0)
    parts = [name, tables[0].as_of.isoformat(), *([language] if language != "vi" else [])]
    return FileResponse(file, as_attachment=True, filename=f"{'-'.join(parts)}.xlsx", content_type=XLSX)


@dashboard
def package_zip(request: HttpRequest) -> HttpResponseBase:
    """Everything public as a data package."""
    known_only(request, "as_of")
    as_of = requested_day(request)
    response = StreamingHttpResponse(_begun(zip_chunks(as_of)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="package-{as_of.isoformat()}.zip"'
    return response
