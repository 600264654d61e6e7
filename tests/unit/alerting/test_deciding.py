"""Who is told what, once, by which rules."""

from datetime import timedelta

import pytest
from inbox import Inbox, named, people, step

from schemas import ids
from schemas.acts import ActKind


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def test_steps_of_one_report_are_one_alert_led_by_the_highest(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    report = inbox.taken(step("called_for"), step("proposed"), step("agreed", reality="conditional"))
    (alert,) = inbox.give(report)
    assert alert.lead.status == "agreed"
    assert [also.status for also in alert.also] == ["proposed", "called_for"]
    assert alert.words.also == ("CEASEFIRE PROPOSED", "CEASEFIRE CALLED FOR")
    assert report.head is not None
    assert alert.id == ids.alert_id("ines", report.head.version, named("north-south"))


@pytest.mark.parametrize(
    ("first", "second", "leads"),
    [
        (("agreed", "scheduled"), ("declared", "actual"), "agreed"),
        (("declared", "actual"), ("agreed", "scheduled"), "declared"),
        (("agreed", "conditional"), ("declared", "actual"), "declared"),
        (("agreed", "hypothetical"), ("extended", "actual"), "extended"),
    ],
)
def test_reality_lowers_the_lead_and_the_text_breaks_ties(
    inbox: Inbox, first: tuple[str, str], second: tuple[str, str], leads: str
) -> None:
    inbox.rule("ines", family="ceasefire", reality="any")
    (alert,) = inbox.report(step(first[0], reality=first[1]), step(second[0], reality=second[1]))
    assert alert.lead.status == leads


def test_all_rules_that_matched_are_listed_once_with_version_and_reasons(inbox: Inbox) -> None:
    inbox.rule("ines", "all", family="ceasefire")
    inbox.rule("ines", "north", family="ceasefire", party=["XN"])
    inbox.rule("ines", "north", version=2, family="ceasefire", party=["XN", "XQ"])
    (alert,) = inbox.report(step("proposed"), step("called_for"))
    assert [(rule.rule, rule.version) for rule in alert.rules] == [("all", 1), ("north", 2)]
    assert alert.rules[1].because == ("family is ceasefire", "party is XN")


def test_nobody_is_told_one_step_twice(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    same = step("agreed")
    assert people(inbox.report(same)) == ["ines"]
    assert inbox.report(same) == []
    assert inbox.decided[-1].untold[0].reason == "already told"


def test_a_rule_is_asked_in_the_version_in_force_at_the_steps_place(inbox: Inbox) -> None:
    inbox.rule("ines", family="sanctions")
    assert inbox.report(step("agreed")) == []
    inbox.rule("ines", version=2, family="ceasefire")
    assert people(inbox.report(step("agreed"))) == ["ines"]
    inbox.rule("ines", version=3, removed=True)
    assert inbox.report(step("agreed")) == []


def test_the_second_of_two_who_change_one_rule_is_refused_and_nothing_is_overwritten(inbox: Inbox) -> None:
    inbox.rule("desk", family="ceasefire")
    assert inbox.rule("desk", version=2, family="ceasefire", party=["XN"]).rule is not None
    refused = inbox.rule("desk", version=2, family="sanctions")
    assert refused.rule is None
    assert "the next one is 3" in refused.reason
    assert people(inbox.report(step("agreed"))) == ["desk"]


def test_a_rule_that_cannot_be_read_is_refused_with_value_and_cure(inbox: Inbox) -> None:
    refused = inbox.rule("ines", family="ceasefire", status=["imposed"])
    assert refused.rule is None
    assert "status 'imposed' is not known; it is one of" in refused.reason


@pytest.mark.parametrize("flag", ["backfill", "old", "late"])
def test_what_is_no_news_alerts_nobody(inbox: Inbox, flag: str) -> None:
    inbox.rule("ines", family="ceasefire")
    assert inbox.report(step("agreed"), **{flag: True}) == []


@pytest.mark.parametrize("kind", ["restated", "corroborated", "late", "upgraded"])
def test_what_is_no_step_is_not_told_by_default(inbox: Inbox, kind: str) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.report(step("agreed", step="first"))
    assert inbox.report(step("agreed", kind=kind, of="first")) == []


def test_corroboration_is_told_to_those_who_ask_for_it(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire", novelty="corroboration")
    inbox.report(step("agreed", step="first"))
    assert people(inbox.report(step("agreed", kind="corroborated", of="first"))) == ["ines"]


def test_who_wants_two_origins_is_told_when_the_second_comes_and_not_again(inbox: Inbox) -> None:
    inbox.rule("ines", status=["agreed"], certainty={"confirmed": True, "or_origins": 2})
    claimed = {"attribution": "claimed", "speaker": "XN", "speaker_role": "party"}
    assert inbox.report(step("agreed", step="first", **claimed)) == []
    second = {"kind": "corroborated", "of": "first", "origins": ("Harbour Post", "Courant")}
    assert people(inbox.report(step("agreed", **second, **claimed))) == ["ines"]
    third = {"kind": "corroborated", "of": "first", "origins": ("Harbour Post", "Courant", "Ledger")}
    assert inbox.report(step("agreed", **third, **claimed)) == []


@pytest.mark.parametrize("kind", ["contradicted", "corrected", "retracted"])
def test_what_takes_a_step_back_reaches_those_who_were_told_it_whatever_their_rules(inbox: Inbox, kind: str) -> None:
    inbox.rule("ines", status=["agreed"])
    inbox.rule("tomas", status=["violated"])
    (alert,) = inbox.report(step("agreed", step="first"))
    inbox.rule("ines", version=2, family="sanctions")
    taken_back = step("agreed", kind=kind, of="first", polarity="negated", stands=False)
    (correction,) = inbox.report(taken_back)
    assert correction.person == "ines"
    assert correction.replaces == alert.id
    assert correction.conversation == alert.conversation
    assert correction.rules[0].because == ("you were told the step that this is about",)


def test_many_who_are_told_one_step_are_remembered_as_well_as_few(inbox: Inbox) -> None:
    everybody = [f"p{number:03}" for number in range(120)]
    for person in everybody:
        inbox.rule(person, family="ceasefire")
    told = inbox.report(step("agreed", step="first"), step("proposed"))
    decided = inbox.decided[-1]
    assert (len(told), decided.told, len(decided.together)) == (120, (), 2)
    assert {each.person: each.alert for each in decided.everybody_told()} == {alert.person: alert.id for alert in told}
    corrections = inbox.report(step("agreed", kind="corrected", of="first", stands=False))
    assert {each.person: each.replaces for each in corrections} == {alert.person: alert.id for alert in told}


def test_a_sequence_is_seen_across_many_steps_between(inbox: Inbox) -> None:
    inbox.rule("ines", sequence={"first": "in_effect", "then": "violated", "within": "72h"})
    inbox.report(step("in_effect"))
    for _ in range(5):
        inbox.minute(timedelta(hours=1))
        inbox.report(step("violation_alleged", kind="again"))
    assert people(inbox.report(step("violated"))) == ["ines"]
    inbox.minute(timedelta(hours=72))
    assert inbox.report(step("violated", kind="again")) == []


def test_what_was_only_planned_begins_no_sequence(inbox: Inbox) -> None:
    inbox.rule("ines", sequence={"first": "in_effect", "then": "violated", "within": "72h"})
    inbox.report(step("in_effect", reality="scheduled"))
    assert inbox.report(step("violated")) == []


def test_who_said_what_is_denied_is_no_origin_of_the_denial(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.rule("jun", family="ceasefire", origins=2)
    inbox.report(step("agreed", step="first"))
    denial = step(
        "agreed",
        kind="contradicted",
        of="first",
        polarity="negated",
        attribution="denied",
        origins=("Harbour Post", "Courant"),
    )
    (alert,) = inbox.report(denial)
    assert alert.person == "ines"
    assert alert.words.second_line.endswith("1 origin (outlet)")


def test_a_correction_reaches_whoever_was_told_by_escalation(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire", escalate={"after": "10m", "to": "tomas"})
    inbox.report(step("agreed", step="first"))
    (escalated,) = inbox.minute(timedelta(minutes=10))
    told = inbox.report(step("agreed", kind="corrected", of="first", stands=False))
    assert {alert.person: alert.replaces for alert in told}["tomas"] == escalated.id


def test_an_old_page_may_still_correct_what_was_told(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.report(step("agreed", step="first"))
    told = inbox.report(step("agreed", kind="corrected", of="first"), step("violated"), old=True)
    assert [alert.lead.kind for alert in told] == ["corrected"]
    assert told[0].also == ()


def test_muting_silences_one_dossier_for_one_person_until_its_end(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.rule("tomas", family="ceasefire")
    inbox.act(ActKind.mute, "ines", until=inbox.now + timedelta(hours=8))
    assert people(inbox.report(step("agreed"))) == ["tomas"]
    assert people(inbox.report(step("agreed", dossier="east-west"))) == ["ines", "tomas"]
    inbox.minute(timedelta(hours=9))
    assert people(inbox.report(step("violated"))) == ["ines", "tomas"]


def test_a_mute_may_let_a_change_of_status_through(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.report(step("violated"))
    inbox.act(ActKind.mute, "ines", but_tell_if_status_changes=True)
    assert inbox.report(step("violated", kind="again")) == []
    assert people(inbox.report(step("ended"))) == ["ines"]


def test_following_a_dossier_tells_without_a_rule_and_can_be_undone(inbox: Inbox) -> None:
    followed = inbox.act(ActKind.follow, "amara")
    (alert,) = inbox.report(step("called_for"))
    assert [rule.rule for rule in alert.rules] == ["follow"]
    inbox.act(ActKind.undo, "amara", undoes=followed)
    assert inbox.report(step("proposed")) == []


def test_an_embargoed_report_is_told_when_its_time_has_come(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    assert inbox.report(step("agreed"), embargoed_until=inbox.now + timedelta(minutes=2)) == []
    assert inbox.minute() == []
    assert people(inbox.minute()) == ["ines"]
    assert inbox.minute() == []


@pytest.mark.parametrize(
    ("values", "urgent"),
    [
        ({"best_tier": 1}, True),
        ({"origins": ("a", "b")}, True),
        ({}, False),
        ({"best_tier": 1, "reality": "scheduled"}, False),
        ({"best_tier": 1, "polarity": "negated"}, False),
    ],
)
def test_urgent_is_what_is_actual_and_comes_from_a_good_source(
    inbox: Inbox, values: dict[str, object], urgent: bool
) -> None:
    inbox.rule("ines", family="ceasefire")
    (alert,) = inbox.report(step("agreed", **values))
    assert alert.urgent is urgent


def test_a_lower_status_is_never_urgent(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    (alert,) = inbox.report(step("proposed", best_tier=0))
    assert not alert.urgent


def test_every_message_leaves_one_decision_with_cause_and_place(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.report(step("agreed"))
    inbox.report()
    inbox.minute()
    inbox.act(ActKind.mute, "ines")
    assert len(inbox.decided) == 5
    assert [fact.meta.source.offset for fact in inbox.decided if fact.meta.source] == [0, 1, 2, 3, 4]


def test_memory_is_the_fold_of_the_decisions_and_nothing_else(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.act(ActKind.mute, "ines", dossier="east-west")
    same = step("agreed")
    inbox.report(same)
    again = Inbox()
    for fact in inbox.decided:
        again.memory = again.alerting.evolve(again.memory, fact)
    assert again.report(same) == []
    assert again.report(step("agreed", dossier="east-west")) == []
    assert people(again.report(step("violated"))) == ["ines"]


def test_what_was_told_is_forgotten_a_month_after_the_dossiers_last_alert(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire")
    inbox.report(step("agreed", step="first"))
    inbox.minute(timedelta(days=31))
    assert inbox.memory.told_steps == {}


TERM = {
    "reality": "scheduled",
    "effective_from": {"text": "Monday", "iso": "2026-03-04T12:00+00:00", "precision": "hour"},
}


def test_a_term_that_passes_unheard_is_told_once_to_those_who_wait_for_it(inbox: Inbox) -> None:
    inbox.rule("ines", absence={"after": "2h"}, status=["in_effect"])
    assert inbox.report(step("in_effect", **TERM)) == []
    assert inbox.minute(timedelta(hours=4, minutes=59)) == []
    (alert,) = inbox.minute(timedelta(minutes=1))
    assert alert.words.first_line.startswith("NOTHING HEARD since its term: ceasefire to start")
    assert not alert.urgent
    assert inbox.minute() == []


def test_nobody_waits_any_more_once_something_is_heard(inbox: Inbox) -> None:
    inbox.rule("ines", absence={"after": "2h"}, status=["in_effect"])
    inbox.report(step("in_effect", **TERM))
    inbox.report(step("in_effect"))
    assert inbox.minute(timedelta(hours=6)) == []


def test_an_alert_that_nobody_acknowledges_goes_to_the_next_person_once(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire", escalate={"after": "10m", "to": "tomas"})
    inbox.report(step("agreed"))
    assert inbox.minute(timedelta(minutes=9)) == []
    (alert,) = inbox.minute()
    assert (alert.person, alert.rules[0].rule) == ("tomas", "escalation")
    assert inbox.minute() == []


def test_acknowledging_stops_the_escalation(inbox: Inbox) -> None:
    inbox.rule("ines", family="ceasefire", escalate={"after": "10m", "to": "tomas"})
    (alert,) = inbox.report(step("agreed"))
    inbox.act(ActKind.acknowledge, "ines", alert=alert.id)
    assert inbox.minute(timedelta(minutes=20)) == []
