"""progress_csv [--term 2025] [--as-of YYYY-MM-DD]: the progress report as CSV on standard output."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ...dashboard.exports.reports import REPORTS
from ...dashboard.report_selection import ReportSelection
from ...models import Term
from ...text.csv_writer import MACHINE, csv_pieces
from ..arguments import add_as_of


class Command(BaseCommand):
    help = "The progress report as CSV on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--term", type=int, help="only the term with this target year, such as 2025")
        add_as_of(parser, "what had been published by this day; today when absent")

    def handle(self, *, term: int | None, as_of: date | None, **options: Any) -> None:
        """Raises CommandError for a day to come, and for a year that no term ends in."""
        today = timezone.localdate()
        if as_of and as_of > today:
            raise CommandError(_("%(day)s lies in the future.") % {"day": as_of.isoformat()})
        selected_term = Term.objects.filter(last_year=term).first() if term is not None else None
        if term is not None and selected_term is None:
            raise CommandError(_("There is no term with the target year %(year)d.") % {"year": term})
        (report,) = [report for report in REPORTS if report.name == "progress"]
        for line in csv_pieces(report.columns, report.rows(ReportSelection(as_of or today, selected_term)), MACHINE):
            self.stdout.write(line, ending="")
