"""The form of a proposed target: what was understood is shown back in words before it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...core.language import active_language
from ...models import ProposalKind, Target, TargetProposal
from ...models.proposals import copy_columns
from ...models.targets import TargetColumns, TargetStatus
from ...sentences.formatting import as_written, basis_text, bound_in_words, bound_limits_in_words, day, unit_in
from ...workflow.target_proposals import others_like, standing_in
from .fields import form_field_classes
from .targets import TargetForm


class TargetProposalForm(TargetForm):
    """`kind` and `target` say what a new proposal is for; a stored one knows."""

    kind: str = ProposalKind.NEW
    target: Target | None = None

    understood = forms.CharField(required=False, widget=forms.HiddenInput)
    extra_fields = (*TargetForm.extra_fields, "understood")

    class Meta(TargetForm.Meta):
        field_classes = form_field_classes(TargetProposal)
        help_texts = TargetForm.Meta.help_texts | {
            "replaced_on": _("The day a newer target took its place; empty while it stands."),
            "reason": _("What was wrong, and where it is right. The approver reads it, and it stays in the history."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance._state.adding:
            self.instance.kind, self.instance.target = self.kind, self.target
            if self.target is not None:
                self._begin_with(self.target)
        if "reason" in self.fields:
            self.fields["reason"].required = self.instance.is_of_stored

    def _begin_with(self, target: Target) -> None:
        """A correction begins with what stands, an adjusted target with what it is about; a retraction keeps all."""
        copy_columns(target, self.instance)
        new_words = ("bound", "low", "high", "as_written_vi", "decided_on", "replaced_on", "source", "quote_vi", "note")
        for column in TargetColumns._meta.local_fields:
            value = getattr(target, column.attname)
            is_new = self.instance.kind == ProposalKind.ADJUST and column.name in new_words
            self.initial[column.name] = None if is_new else value

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        proposal = self.instance
        if proposal.kind == ProposalKind.NEW and proposal.status == TargetStatus.ADOPTED:
            proposal.target = standing_in(proposal)
            proposal.kind = ProposalKind.ADJUST if proposal.target else ProposalKind.NEW
        self._check_as_target(proposal)
        if not self.errors and proposal.kind != ProposalKind.RETRACT:
            self._show_back(proposal)

    def _check_as_target(self, proposal: TargetProposal) -> None:
        """Hold the proposal to all that a target has to be."""
        older = proposal.target if proposal.kind == ProposalKind.ADJUST else None
        if older and proposal.decided_on <= older.decided_on:
            message = gettext("The target that stands was decided on %(day)s; the one in its place is decided later.")
            self.add_error("decided_on", ValidationError(message % {"day": day(older.decided_on)}))
            return
        if not proposal.is_of_stored and others_like(proposal).exists():
            self.add_error(None, gettext("The same target is on its way already."))
            return
        try:
            as_target(proposal).full_clean()
            proposal.validate_constraints()
        except ValidationError as error:
            for name, messages in error.update_error_dict({}).items():
                self.add_error(name if name in self.fields else None, messages)

    def _show_back(self, proposal: TargetProposal) -> None:
        """Say once in words what was understood; the next save of the same is the knowing one."""
        words = understood(proposal, active_language())
        if self.cleaned_data.get("understood") != words:
            data = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("understood")] = words
            self.data = data
            message = gettext("Understood: %(words)s. Save again if this is what the document says.")
            self.add_error(None, ValidationError(message % {"words": words}, code="understood"))


def as_target(proposal: TargetProposal) -> Target:
    """The target as it would stand once approved, not stored."""
    # Read anew: what is typed must not be written into what the page shows of the target that stands.
    target = Target.objects.get(pk=proposal.target_id or 0) if proposal.is_of_stored else Target()
    copy_columns(proposal, target)
    return target


def understood(proposal: TargetProposal, language: str) -> str:
    """What a proposal says, in words: "bình quân 2026–2030: từ 10 đến 11% (mười; mười một), quyết định ngày 27/09/2020"."""
    target = as_target(proposal)
    target.as_written_vi = ""  # of one judged by its parts it is said that it is, not its words
    bound = bound_in_words(target, unit_in(target.indicator, language), language) or as_written(target, language)
    numbers = bound_limits_in_words(target, language)
    text = f"{target.indicator.name}, {basis_text(target, language)}: {bound}{f' ({numbers})' if numbers else ''}"
    decided = {"vi": "quyết định ngày", "en": "decided on"}[language]
    text += f"; {decided} {day(target.decided_on)}"
    if proposal.kind == ProposalKind.ADJUST and proposal.target:
        instead = {"vi": "thay cho", "en": "in place of"}[language]
        text += f"; {instead} “{as_written(proposal.target, language)}”"
    return text
