"""Who may do what with figures, evidence and explanations: asked with `may`, and of many figures with `visible_figures`.

Groups carry Django's permissions; which figures an entry permission reaches follows from the agencies of a person and from
who answers for an indicator today. Why somebody may not, in words, is said by `guards`. Records without an agency's stake,
such as targets and sources, stand behind Django's permissions alone, which their admin pages ask for themselves; so do the
links that templates offer.
"""

from datetime import date
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..models import Agency, Aggregate, Explanation, Figure, Indicator, State
from ..queries.responsible_agency import responsibility

Person = User | AnonymousUser


class Action(StrEnum):
    """What a person may do; the last six are judged by the record they are done with."""

    VIEW_FIGURES = "view figures"
    APPROVE = "approve figures"
    EDIT_INDICATORS = "edit indicators"
    PROPOSE_TARGETS = "propose new targets and changes of them"
    SEE_EVERY_SOURCE = "see sources before anything public rests on them"
    DECIDE_VERDICT = "decide the official verdict"
    ASK_EXPLANATION = "ask why a target is in danger"
    ENTER = "enter figures of an indicator"
    SEE_STEPS = "see who did what with a figure"
    READ_EVIDENCE = "read the files of a figure"
    WITHDRAW_EXPLANATION = "take a request for explanation back"
    ANSWER_EXPLANATION = "answer a request for explanation"
    SEE_UNRELEASED = "see the words of a request for explanation before they are public, and those of before"


PERMISSIONS = {
    Action.VIEW_FIGURES: "indicators.view_figure",
    Action.APPROVE: "indicators.approve_figure",
    Action.EDIT_INDICATORS: "indicators.change_indicator",
    Action.PROPOSE_TARGETS: "indicators.change_target",
    Action.SEE_EVERY_SOURCE: "indicators.view_source",
    Action.DECIDE_VERDICT: "indicators.decide_verdict",
    Action.ASK_EXPLANATION: "indicators.ask_explanation",
    Action.ENTER: "indicators.add_figure",
    Action.READ_EVIDENCE: "indicators.view_figure",
    Action.WITHDRAW_EXPLANATION: "indicators.ask_explanation",
    Action.ANSWER_EXPLANATION: "indicators.change_explanation",
    Action.SEE_UNRELEASED: "indicators.view_explanation",
}


def may(user: Person, action: Action, record: Figure | Indicator | Explanation | int | None = None) -> bool:
    """Whether `user` may do it at all, or with this record: a figure, an indicator (or its primary key), a request.

    Whether a figure is among `visible_figures` is asked before, what its state allows is asked of `guards`.
    """
    if action == Action.SEE_STEPS:
        # Clerks of its agency and approvers; mere viewers see what is public.
        return may(user, Action.APPROVE) or may(user, Action.ENTER, record)
    if not user.has_perm(PERMISSIONS[action]):
        return False
    match action, record:
        case Action.ENTER, Figure(indicator_id=pk) | Indicator(pk=pk) | int(pk):
            return user.is_superuser or pk in _own_indicators(user)
        case Action.READ_EVIDENCE, Figure():
            return may(user, Action.SEE_STEPS, record)
        case Action.WITHDRAW_EXPLANATION, Explanation():
            return record.asked_by_id == user.pk and record.answered_on is None and record.question_released_on is None
        case Action.ANSWER_EXPLANATION, Explanation():
            # An answer may be mended until it is public; by staff of the agency asked, or its successor, and nobody else.
            return record.answer_released_on is None and record.agency_id in _represented(user)
        case Action.SEE_UNRELEASED, Explanation():
            return may(user, Action.APPROVE) or record.asked_by_id == user.pk or record.agency_id in _represented(user)
    return True


def enterable(user: Person) -> QuerySet[Indicator]:
    """The indicators whose figures `user` may enter today: those their agencies answer for; for superusers all.

    Bodies that a person's agency took over from are included; a body that ended enters nothing any more.
    """
    indicators = Indicator.objects.all()
    if not may(user, Action.ENTER):
        return indicators.none()
    return indicators if user.is_superuser else indicators.filter(pk__in=_own_indicators(user))


def visible_figures(user: Person) -> QuerySet[Figure]:
    """The figures `user` may see: what is public today, all of the own agencies, and for approvers what was submitted too.

    No page and no write of a person touches another one: to them it does not exist.
    """
    figures = Figure.objects.without_earlier()
    if user.is_superuser:
        return figures
    is_public = Q(state=State.APPROVED, published_on__lte=timezone.localdate())
    visible = is_public | Q(indicator__in=_own_indicators(user))
    if may(user, Action.APPROVE):
        visible |= ~Q(state=State.ENTERED)
    return figures.filter(visible)


def visible_aggregates(user: Person) -> QuerySet[Aggregate]:
    """The averages and totals `user` may see: as with figures, one for a later day is its agency's and the approvers'."""
    aggregates = Aggregate.objects.all()
    if may(user, Action.APPROVE):
        return aggregates
    is_public = Q(published_on__lte=timezone.localdate())
    return aggregates.filter(is_public | Q(indicator__in=_own_indicators(user)))


def visible_explanations(user: Person) -> QuerySet[Explanation]:
    """The requests `user` may see: those whose question is public, the own ones, those put to the own agencies, and for
    approvers all. An answer that is not public yet is for those who may `SEE_UNRELEASED`."""
    requests = Explanation.objects.all()
    if may(user, Action.APPROVE):
        return requests
    own = Q(asked_by=user.pk or 0) | Q(agency__in=_represented(user))
    return requests.filter(Q(question_released_on__isnull=False) | own)


def _represented(user: Person) -> set[int]:
    """The agencies of `user` and those that these took over from, by primary key."""
    own = agencies_of(user)
    bodies = responsibility(timezone.localdate()).acting_bodies if own else {}
    return {pk for pk, acting in bodies.items() if acting.pk in own}


def own_agencies(user: Person) -> QuerySet[Agency]:
    """The agencies that `user` works for and that exist today."""
    return Agency.objects.filter(memberships__user=user.pk or 0).exclude(valid_to__lt=timezone.localdate())


def agencies_of(user: Person) -> set[int]:
    """The primary keys of the agencies that `user` works for and that exist today."""
    return set(own_agencies(user).values_list("pk", flat=True))


def _own_indicators(user: Person) -> set[int]:
    """The primary keys of the indicators that the agencies of `user` answer for today.

    Looked up once for each user object, so once for each request, as Django does with permissions.
    """
    today = timezone.localdate()
    by_day: dict[date, set[int]] = getattr(user, "_own_indicators", {})
    if today not in by_day:
        agencies = agencies_of(user)
        by_day = {today: responsibility(today).indicators_of(agencies) if agencies else set()}
        user._own_indicators = by_day  # type: ignore[union-attr]
    return by_day[today]
