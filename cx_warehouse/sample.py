"""Write the sample feed: two years of survey answers of an invented company.

Velomond rents out e-bikes by the month. ``docs/sample.md`` tells what happens to it.
The same bytes come out of every run: all chance comes from one seeded generator, of
which only ``random()`` is used (the one method whose sequence Python guarantees), and
nothing asks the clock, the locale or the machine's time zone.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cx_warehouse.errors import UserError

SEED = 20240101
FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2025, 12, 31)

# The company opens before the first answer, so that the first day already has
# customers to visit the workshop and to renew.
OPENING_DAY = date(2022, 7, 1)

# The carrier that breaks the delivery, from its first to its last day on the road.
BAD_CARRIER = (date(2025, 3, 31), date(2025, 6, 20))

# The first ride is asked about on 5 points before this day, on 7 points from it on.
SCALE_CHANGE = date(2024, 11, 18)

# Renewing customers chose from 1 to 10 before this day, from 0 to 10 from it on.
LIKELIHOOD_CHANGE = date(2024, 7, 1)

# The help desk tried the question out before it became a part of the definitions.
EFFORT_TRIAL = date(2024, 2, 19)

# A question that somebody added to a survey without telling the warehouse.
UNDEFINED_QUESTION = (date(2025, 5, 5), date(2025, 5, 25))

DEFAULT_OUTPUT = Path(__file__).resolve().parent.parent / "sample" / "survey_answers"

Row = dict[str, str]
Item = TypeVar("Item")


# What customers answer. The points of a scale run from the worst to the best; a mood
# gives each point its share, in percent.

POINTS: dict[str, tuple[str, ...]] = {
    "words_5": (
        "Very dissatisfied",
        "Dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Satisfied",
        "Very satisfied",
    ),
    "points_7": ("1", "2", "3", "4", "5", "6", "7"),
    "effort_7": ("1", "2", "3", "4", "5", "6", "7"),
    "grades_6": ("6", "5", "4", "3", "2", "1"),
    "good_bad": ("bad", "good"),
    "likelihood_0_10": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
    "likelihood_1_10": ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
}

MOODS: dict[str, tuple[str, tuple[int, ...]]] = {
    "website": ("words_5", (3, 6, 13, 45, 33)),
    "order": ("words_5", (3, 5, 9, 42, 41)),
    "order_effort": ("effort_7", (2, 3, 5, 10, 20, 30, 30)),
    "delivery_fine": ("words_5", (1, 2, 6, 35, 56)),
    "delivery_broken": ("words_5", (38, 30, 18, 11, 3)),
    "onboarding": ("words_5", (3, 5, 10, 36, 46)),
    "onboarding_7": ("points_7", (2, 2, 3, 7, 18, 32, 36)),
    "workshop": ("grades_6", (2, 4, 8, 16, 38, 32)),
    "support": ("good_bad", (16, 84)),
    "support_effort": ("effort_7", (5, 6, 8, 13, 21, 26, 21)),
    "billing": ("points_7", (3, 3, 6, 11, 18, 30, 29)),
    "renewal": ("points_7", (2, 2, 4, 9, 17, 32, 34)),
    "renewal_nps": ("likelihood_0_10", (1, 1, 1, 2, 2, 5, 6, 14, 20, 22, 26)),
    "renewal_nps_10": ("likelihood_1_10", (1, 1, 2, 2, 5, 7, 14, 20, 22, 26)),
    "brand_fine": ("likelihood_0_10", (1, 1, 1, 2, 2, 5, 6, 14, 19, 23, 26)),
    "brand_hurt": ("likelihood_0_10", (10, 5, 8, 10, 9, 15, 12, 13, 8, 6, 4)),
}

# What they write beside it: unhappy comments first, happy ones second.

COMMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "website": (
        (
            "I could not compare two bikes side by side.",
            "Frame sizes are confusing, I had to call.",
            "The photos are nice, the technical data is hidden.",
            "Chat bot, no human :(",
        ),
        (
            "Clear prices, no small print.",
            "The size finder got it right.",
            "Found my bike in ten minutes \U0001f6b2",
            'Your "which bike fits me" test is fun.',
        ),
    ),
    "order": (
        (
            "Credit check failed twice, no reason given.",
            "Checkout lost my voucher, then my basket.",
            "Why do I have to print and sign anything in this century?",
        ),
        (
            "Quick and easy.",
            "Three clicks, done.",
            "Liked that I could choose the delivery day myself.",
            "Smooth, even on the phone.",
        ),
    ),
    "delivery_fine": (
        (
            "Van came an hour late.",
            "Driver was in a hurry, a short introduction would have been nice.",
            "The time window of six hours is too long, I had to take a day off.",
        ),
        (
            "Driver adjusted the saddle and explained the lock. Great!",
            "On time, fully assembled, fully charged.",
            "Friendly driver \U0001f44d",
            "Came a day early, nobody complains about that.",
            "All good.",
        ),
    ),
    "delivery_slow": (
        (
            "Five days late. A text message would have been nice.",
            "Brakes not adjusted, I had to go to the workshop first.",
            "Wrong colour, wrong size, right address.",
            "Missed the appointment, then came unannounced.",
        ),
        (
            "Late, but the driver apologised.",
            "Came on the second attempt, then all was well.",
        ),
    ),
    "delivery_broken": (
        (
            "Nine days late, and nobody could tell me where my bike was.",
            "The new carrier left the box in the rain. I had to assemble it myself!",
            "Pedals missing, handlebar scratched.\nStill waiting for the parts.",
            "They rang once and drove away again, three days in a row.",
            'Tracking said "delivered". It was not.',
            "The parcel service is not able to deliver a bike, full stop.",
            "Appointment cancelled twice, by text message, on the same morning",
            "A box of parts is not what I ordered \U0001f621",
        ),
        (
            "Late, but the bike itself is lovely.",
            "The driver did his best, the box was damaged though.",
        ),
    ),
    "onboarding": (
        (
            "App would not pair with the lock until the third attempt.",
            "No idea what the blinking light means.",
            "Manual only in German, please add English.",
        ),
        (
            "First ride to work, never again by car!",
            "Paired at once, off we went.",
            "The video is really helpful.",
            "Kids love it \u2764\ufe0f",
        ),
    ),
    "workshop": (
        (
            "Waited two weeks for a brake pad.",
            "Noise is still there, will come back.",
            "Kein Ersatzrad bekommen, schade.",
        ),
        (
            "Repaired while I had a coffee.",
            "Mechanic explained everything, top!",
            "Schnell und freundlich.",
            "Picked up at home, back next day.",
        ),
    ),
    "support": (
        (
            "Had to tell my story three times.",
            "No answer for four days, then a text block.",
            "Very polite, did not solve it.",
            "Closed my ticket without asking.",
        ),
        (
            "Solved in one call.",
            "Thanks, Nadine!",
            "Fast answer, and on a Sunday.",
            "Kind, patient, competent.",
        ),
    ),
    "support_broken": (
        (
            "All I wanted to know: where is my bike?",
            "They know less about my delivery than I do.",
        ),
        (
            "Help desk was great, the carrier is not.",
            "At last somebody who called the carrier for me.",
        ),
    ),
    "billing": (
        (
            "Charged for the month before I had the bike.",
            "Invoice says one thing, bank statement another.",
            "Please send a PDF, not a link, that expires.",
        ),
        (
            "Works.",
            "Same amount, same day, every month.",
            "Invoice is easy to read.",
        ),
    ),
    "renewal": (
        (
            "Loyal customers pay more than new ones, why?",
            "Price went up by 6 %, service did not.",
        ),
        (
            "Free inspection for renewing, nice touch.",
            "Stayed because of the workshop.",
            "Another year, of course!",
        ),
    ),
    "brand_fine": (
        (
            "Good idea, too expensive.",
            "I expected newer bikes for that price.",
            "Not available where my friends live.",
        ),
        (
            "Sold my car. Says it all.",
            "Already told all my colleagues \U0001f604",
            "Just works, month after month.",
            'My daughter calls it "the fast bike".',
            "Fair price, good bikes, nice people.",
        ),
    ),
    "brand_hurt": (
        (
            "After that delivery? No.",
            "Bike fine, but the start was a disaster:\nlate, in parts, no apology.",
            "I still have not forgotten the weeks I waited for my bike.",
            "You saved on the wrong end, the delivery.",
            "Would have cancelled if I could.",
        ),
        (
            "Bad start, good bike.",
            "Delivery was awful, everything after it is great.",
        ),
    ),
}

SEGMENTS = ("commuter", "family", "student", "business")
SEGMENT_SHARES = (43, 26, 15, 16)

# Business customers answer more often; the survey tool weights their answers back.
BUSINESS_KEENNESS = 1.3
SEGMENT_WEIGHTS = {
    "commuter": "1.05",
    "family": "1.05",
    "student": "1.05",
    "business": "0.81",
}

CHANNELS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "qualtrics": (("email", "sms", "web"), (62, 25, 13)),
    "delighted": (("email", "in-app"), (70, 30)),
    "zendesk": (("email", "chat", "phone"), (48, 34, 18)),
    "surveymonkey": (("email", "web"), (75, 25)),
}

# Hours of a day with their shares, and how likely an answer is on Monday to Sunday.
HOURS = tuple(range(6, 23))
HOUR_SHARES = (1, 3, 6, 7, 7, 6, 6, 5, 5, 5, 6, 8, 9, 9, 8, 5, 2)
WEEKDAY_PERCENT = (100, 92, 88, 84, 74, 52, 60)


class Dice:
    """Chance that is the same in every version of Python."""

    def __init__(self, seed: int) -> None:
        """Start from a seed."""
        self._random = random.Random(seed)

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self._random.random() * limit)

    def between(self, first: int, last: int) -> int:
        """A whole number from first to last."""
        return first + self.below(last - first + 1)

    def percent(self, chance: float) -> bool:
        """True in ``chance`` of 100 throws."""
        return self._random.random() * 100 < chance

    def pick(self, items: Sequence[Item]) -> Item:
        """One item, each as likely as the other."""
        return items[self.below(len(items))]

    def share(self, items: Sequence[Item], shares: Sequence[int]) -> Item:
        """One item, as likely as its share says."""
        rest = self.below(sum(shares))
        for item, one in zip(items, shares, strict=True):
            if rest < one:
                return item
            rest -= one
        raise AssertionError("the shares do not add up")


@dataclass
class Customer:
    """One subscription."""

    respondent_id: str
    segment: str
    keenness: float
    joined: date
    delivered: date
    new_carrier: bool
    hurt: bool


@dataclass
class Response:
    """One survey filled in, at a moment of the clock in Berlin."""

    source: str
    survey: str
    moment: datetime
    interaction: date
    customer: Customer
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    channel: str = ""


# The journey: which surveys a customer answers, and when.


def _customers(dice: Dice) -> Iterator[Customer]:
    """Everybody who ever subscribed; from 8 a day at the opening to 22 at the end."""
    days = (LAST_DAY - OPENING_DAY).days
    number = 10000
    for day in range(days + 1):
        joined = OPENING_DAY + timedelta(days=day)
        expected = 8 + 14 * day / days
        for _ in range(int(expected) + dice.percent(100 * (expected % 1))):
            number += dice.between(1, 3)
            segment = dice.share(SEGMENTS, SEGMENT_SHARES)
            keenness = dice.pick((0.4, 1.0, 1.6))
            if segment == "business":
                keenness *= BUSINESS_KEENNESS
            delivered = joined + timedelta(days=dice.between(5, 12))
            # Business bikes go out in the company's own vans, whatever the carrier.
            new_carrier = (
                BAD_CARRIER[0] <= delivered <= BAD_CARRIER[1] and segment != "business"
            )
            yield Customer(
                respondent_id=f"C{number}",
                segment=segment,
                keenness=keenness,
                joined=joined,
                delivered=delivered,
                new_carrier=new_carrier,
                hurt=dice.percent(46 if new_carrier else 10),
            )


def _moment(dice: Dice, after: date) -> datetime:
    """When a survey is answered: within days, seldom at night or at weekends."""
    day = after
    for _ in range(4):
        day = after + timedelta(days=dice.pick((0, 0, 0, 1, 1, 2, 3, 5)))
        if dice.percent(WEEKDAY_PERCENT[day.weekday()]):
            break
    hour = dice.share(HOURS, HOUR_SHARES)
    return datetime(day.year, day.month, day.day, hour, dice.below(60), dice.below(60))


def _mood_on(day: date, mood: str) -> str:
    """The mood on the scale that is used on a day."""
    if mood == "onboarding" and day >= SCALE_CHANGE:
        return "onboarding_7"
    if mood == "renewal_nps" and day < LIKELIHOOD_CHANGE:
        return "renewal_nps_10"
    return mood


def _respond(
    dice: Dice,
    customer: Customer,
    source: str,
    survey: str,
    interaction: date,
    questions: Iterable[tuple[str, str, str]],
) -> Response:
    """A filled-in survey; a question is its id, its mood and its comments."""
    response = Response(
        source=source,
        survey=survey,
        moment=_moment(dice, interaction + timedelta(days=1)),
        interaction=interaction,
        customer=customer,
        channel=dice.share(*CHANNELS[source]),
    )
    for question, mood, comments in questions:
        scale, shares = MOODS[_mood_on(response.moment.date(), mood)]
        position = dice.share(range(len(shares)), shares)
        happy = position / (len(shares) - 1) > 0.6
        comment = ""
        if comments and dice.percent(42):
            comment = dice.pick(COMMENTS[comments][happy])
        response.answers.append((question, POINTS[scale][position], comment))
    return response


def _journey(dice: Dice, customer: Customer) -> Iterator[Response]:
    """All that one customer answers, from the first click to the last renewal."""

    def answers(chance: float) -> bool:
        return dice.percent(chance * customer.keenness)

    def days(first: int, last: int) -> timedelta:
        return timedelta(days=dice.between(first, last))

    delivered = customer.delivered
    if answers(13):
        questions = [
            ("website_csat", "website", "website"),
            ("order_csat", "order", "order"),
            ("order_effort", "order_effort", ""),
        ]
        yield _respond(
            dice, customer, "qualtrics", "post_purchase", customer.joined, questions
        )
    if answers(34):
        mood = "delivery_broken" if customer.hurt else "delivery_fine"
        comments = mood
        if customer.hurt and not customer.new_carrier:
            comments = "delivery_slow"
        yield _respond(
            dice,
            customer,
            "qualtrics",
            "post_delivery",
            delivered,
            [("delivery_csat", mood, comments)],
        )
    if answers(17):
        yield _respond(
            dice,
            customer,
            "qualtrics",
            "onboarding",
            delivered + days(9, 18),
            [("onboarding_csat", "onboarding", "onboarding")],
        )

    # The relationship survey goes out 90 days after the delivery, then once a year.
    if answers(32):
        mood = "brand_hurt" if customer.hurt else "brand_fine"
        yield _respond(
            dice,
            customer,
            "delighted",
            "relationship",
            delivered + timedelta(days=89),
            [("recommend", mood, mood)],
        )

    # A customer stays for a year; three in four renew, and so on.
    start = customer.joined
    leaves = False
    while start <= LAST_DAY and not leaves:
        end = start + timedelta(days=365)
        yield from _year(dice, customer, max(start, delivered), end)
        leaves = dice.percent(25)
        if not leaves and answers(11):
            yield _respond(
                dice,
                customer,
                "surveymonkey",
                "renewal",
                end,
                [
                    ("renewal_csat", "renewal", "renewal"),
                    ("recommend", "renewal_nps", ""),
                ],
            )
        if not leaves and answers(11):
            yield _respond(
                dice,
                customer,
                "delighted",
                "relationship",
                end + timedelta(days=97),
                [("recommend", "brand_fine", "brand_fine")],
            )
        start = end


def _year(dice: Dice, customer: Customer, start: date, end: date) -> Iterator[Response]:
    """Workshop, help desk and invoices of one year."""

    def days(first: int, last: int) -> timedelta:
        return timedelta(days=dice.between(first, last))

    waiting = customer.hurt and start == customer.delivered
    if waiting and dice.percent(22):
        yield _support(dice, customer, start, "support_broken")
    visit = start + days(40, 200)
    while visit < end:
        if dice.percent(7):
            yield _respond(
                dice,
                customer,
                "surveymonkey",
                "workshop_card",
                visit,
                [("workshop_grade", "workshop", "workshop")],
            )
        visit += days(90, 260)
    contact = start + days(10, 300)
    while contact < end:
        if dice.percent(8):
            yield _support(dice, customer, contact, "support")
        contact += days(60, 300)
    invoice = start + days(20, 110)
    while invoice < end:
        if dice.percent(2.8):
            yield _respond(
                dice,
                customer,
                "surveymonkey",
                "billing",
                invoice,
                [("billing_csat", "billing", "billing")],
            )
        invoice += timedelta(days=91)


def _support(dice: Dice, customer: Customer, day: date, comments: str) -> Response:
    """A rated ticket; three in ten also say how easy it was."""
    questions = [("satisfaction", "support", comments)]
    if day >= EFFORT_TRIAL and dice.percent(34):
        questions.append(("effort", "support_effort", ""))
    return _respond(dice, customer, "zendesk", "support_ticket", day, questions)


# The export: what each tool makes of it.

COLUMNS: dict[str, tuple[str, ...]] = {
    "delighted": (
        "response_id",
        "source_system",
        "survey_id",
        "question_id",
        "respondent_id",
        "answer",
        "comment",
        "responded_at",
        "updated_at",
        "channel",
        "segment",
        "weight",
    ),
    "qualtrics": (
        "source_system",
        "survey_id",
        "response_id",
        "question_id",
        "answer",
        "responded_at",
        "respondent_id",
        "channel",
        "segment",
        "interaction_at",
        "invited_at",
        "response_status",
        "updated_at",
        "comment",
        "duration_in_seconds",
    ),
    "surveymonkey": (
        "responded_at",
        "source_system",
        "survey_id",
        "response_id",
        "response_status",
        "question_id",
        "answer",
        "comment",
        "segment",
        "channel",
        "respondent_id",
    ),
    "zendesk": (
        "Source_System",
        "Survey_ID",
        "Response_ID",
        "Question_ID",
        "Respondent_ID",
        "Channel",
        "Interaction_At",
        "Responded_At",
        "Updated_At",
        "Answer",
        "Comment",
    ),
}

FIRST_RESPONSE_NUMBER = {
    "delighted": 41_000_000,
    "surveymonkey": 118_200_000,
    "zendesk": 36_000_400_000,
}
RESPONSE_NUMBER_STEP = {"delighted": 90, "surveymonkey": 400, "zendesk": 9_000}
BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"

# Summer time in Berlin: from the first date on, until the day before the second.
SUMMER_TIMES = (
    (date(2024, 3, 31), date(2024, 10, 27)),
    (date(2025, 3, 30), date(2025, 10, 26)),
)


def _offset(moment: datetime) -> int:
    """How many hours Berlin is ahead of UTC; by day, which is close enough here."""
    return 1 + any(first <= moment.date() < last for first, last in SUMMER_TIMES)


def _responded_at(dice: Dice, response: Response) -> str:
    """The moment as the tool writes it."""
    moment = response.moment
    if response.source == "qualtrics":
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    if response.source == "zendesk":
        utc = moment - timedelta(hours=_offset(moment))
        return utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    if response.source == "delighted":
        return moment.strftime("%Y-%m-%d %H:%M:%S") + f"+0{_offset(moment)}:00"
    # The account is in New York. Workshop cards are typed in: the day, no time.
    if response.channel == "paper":
        return moment.strftime("%Y-%m-%d")
    new_york = moment - timedelta(hours=6)
    spelling = dice.share(("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"), (9, 1))
    return new_york.strftime(spelling)


def _as_typed(dice: Dice, answer: str) -> str:
    """Most answers come as they are; a few in another, equally good, spelling."""
    if not dice.percent(3):
        return answer
    if answer.isdigit():
        return dice.pick((f"{answer}.0", f" {answer} ", f"{answer}\t"))
    return dice.pick((answer.lower(), answer.upper(), f"{answer} "))


def _as_said(dice: Dice, survey: str, answer: str) -> str:
    """Some surveys export some answers in words."""
    grades = {"1": "sehr gut", "2": "Gut", "3": "befriedigend", "6": "ungen\u00fcgend"}
    ends = {"1": "1 - Extremely dissatisfied", "7": "7 - Extremely satisfied"}
    if survey == "workshop_card" and dice.percent(12):
        return grades.get(answer, answer)
    if survey == "billing" and dice.percent(50):
        return ends.get(answer, answer)
    if survey == "support_ticket" and not answer.isdigit() and dice.percent(6):
        return f"{answer}_with_comment"
    return answer


def _export(dice: Dice, responses: Sequence[Response]) -> list[Row]:
    """The rows of one source, in the order in which its responses were given."""
    rows: list[Row] = []
    source = responses[0].source
    number = FIRST_RESPONSE_NUMBER.get(source, 0)
    for response in responses:
        customer = response.customer
        number += dice.between(1, RESPONSE_NUMBER_STEP.get(source, 1))
        response_id = str(number)
        if source == "qualtrics":
            letters = (dice.pick(BASE_32) for _ in range(8))
            response_id = "R_" + "".join(letters)
        if response.survey == "workshop_card" and dice.percent(45):
            response.channel = "paper"
        responded_at = _responded_at(dice, response)
        anonymous = response.channel == "paper" or (
            source == "zendesk" and dice.percent(12)
        )
        seconds = str(dice.between(15, 240))
        for question, answer, comment in response.answers:
            rows.append(
                {
                    "source_system": source,
                    "survey_id": response.survey,
                    "question_id": question,
                    "response_id": response_id,
                    "answer": _as_typed(dice, _as_said(dice, response.survey, answer)),
                    "responded_at": responded_at,
                    "respondent_id": "" if anonymous else customer.respondent_id,
                    "channel": response.channel,
                    "segment": customer.segment,
                    "comment": comment,
                    "interaction_at": response.interaction.isoformat(),
                    "invited_at": f"{response.interaction.isoformat()} 08:00:00",
                    "response_status": "complete",
                    "updated_at": responded_at if source == "zendesk" else "",
                    "weight": SEGMENT_WEIGHTS[customer.segment],
                    "duration_in_seconds": seconds,
                }
            )
    return rows


# The defects: every one that the contract names, planted into rows that were good.


@dataclass(frozen=True)
class Defect:
    """Values that overwrite one column of as many rows, each in ``copies`` rows."""

    question: str
    column: str
    values: tuple[str, ...]
    copies: int = 1


TYPING_ERRORS = ("05/06/2025", "2025-02-30", "2025-04-31 10:00:00", "12.05.2024 14:10")

DEFECTS: tuple[Defect, ...] = (
    # missing_id
    Defect("order_csat", "response_id", ("", "  ")),
    Defect("satisfaction", "survey_id", ("",), 2),
    Defect("billing_csat", "question_id", ("", "\t")),
    # missing_timestamp, unreadable_timestamp, future_timestamp
    Defect("workshop_grade", "responded_at", ("", " "), 4),
    Defect("workshop_grade", "responded_at", TYPING_ERRORS),
    Defect("delivery_csat", "responded_at", ("2025-05-14 24:00:00", "1747216800")),
    Defect("satisfaction", "responded_at", ("2024-09-10T09:15:00+15:00", "yesterday")),
    Defect("workshop_grade", "responded_at", ("2062-03-11", "2205-04-02")),
    Defect("onboarding_csat", "responded_at", ("2052-07-01 10:00:00",)),
    Defect("delivery_csat", "responded_at", ("2205-05-12 10:31:07",)),
    Defect("renewal_csat", "responded_at", ("2062-05-05T09:12:44", "2204-10-21 08:01")),
    # not_a_real_response, incomplete_response
    Defect("delivery_csat", "response_status", ("preview", "spam"), 9),
    Defect("onboarding_csat", "response_status", ("Survey Preview", "test"), 4),
    Defect("billing_csat", "response_status", ("disqualified", "overquota"), 6),
    Defect("delivery_csat", "response_status", ("partial",), 14),
    Defect("workshop_grade", "response_status", ("Partial ",), 5),
    # not a defect: as good as complete
    Defect("delivery_csat", "response_status", ("", "Completed", " complete "), 30),
    # blank
    Defect("website_csat", "answer", ("", "   "), 16),
    Defect("onboarding_csat", "answer", ("",), 20),
    Defect("satisfaction", "answer", ("offered", "unoffered"), 40),
    Defect("workshop_grade", "answer", ("-", " - "), 8),
    Defect("billing_csat", "answer", ("0", "0.0"), 12),
    Defect("renewal_csat", "answer", ("0",), 7),
    # not_applicable
    Defect("website_csat", "answer", ("N/A", "n/a", "Not applicable"), 8),
    Defect("order_effort", "answer", ("99", "99.0"), 11),
    Defect("workshop_grade", "answer", ("k. A.", "K. A. "), 5),
    Defect("billing_csat", "answer", ("99",), 15),
    # unknown_label
    Defect("website_csat", "answer", ("Sehr zufrieden", "Zufrieden", "4/5")),
    Defect("order_effort", "answer", ("7!", "1e1", "+6", "6,0")),
    Defect("workshop_grade", "answer", ("2-", "1+", "2 bis 3")),
    Defect("recommend", "answer", ("10+", "ten", "9 or 10", "\u2b50\u2b50\u2b50")),
    # not_a_whole_number
    Defect("order_effort", "answer", ("6.5", "6.99999999999999999999")),
    Defect("workshop_grade", "answer", ("1.5", "2.5", "2.3")),
    Defect("recommend", "answer", ("8.5", "6.5")),
    # off_scale
    Defect("order_effort", "answer", ("8", "0")),
    Defect("workshop_grade", "answer", ("11", "22")),
    Defect("billing_csat", "answer", ("67", "8")),
    Defect("recommend", "answer", ("11", "-1", "99", "100", "9" * 30)),
    # bad_weight
    Defect("recommend", "weight", ("0", "-1", "n/a", "1,05", "1e0", "NaN", "0.0")),
    # not a defect: no weight is the weight 1, no segment and no channel are null
    Defect("recommend", "weight", ("", " 1.05 "), 12),
    Defect("recommend", "segment", ("", " family"), 20),
    Defect("website_csat", "channel", (" email", "sms ", "", "\temail"), 9),
    Defect("satisfaction", "channel", ("chat ",), 25),
)

# What `excluded_responses` lists, and what it is listed for.
EXCLUDED_RESPONSES = {
    "delighted": ("99000001", "99000002", "99000003"),
    "qualtrics": ("R_stafftest01", "R_stafftest02", "R_stafftest03"),
    "surveymonkey": ("118900001", "118900002"),
    "zendesk": ("36900000001", "36900000002"),
}

# Hours that a clock in Berlin shows twice, or never.
DST_MOMENTS = (
    "2024-03-31 02:30:00",
    "2024-10-27 02:10:00",
    "2025-03-30 02:45:00",
    "2025-10-26 02:00:00",
)


def _plant(dice: Dice, rows: list[Row]) -> None:
    """Every defect of the table, each in a row that no other defect has touched."""
    touched: set[int] = set()
    questions = {row["question_id"] for row in rows}
    columns = {column.lower() for column in COLUMNS[rows[0]["source_system"]]}
    for defect in DEFECTS:
        if defect.question not in questions or defect.column not in columns:
            continue
        candidates = [
            index
            for index, row in enumerate(rows)
            if row["question_id"] == defect.question
        ]
        for value in defect.values * defect.copies:
            index = dice.pick(candidates)
            while index in touched:
                index = dice.pick(candidates)
            touched.add(index)
            rows[index][defect.column] = value


def _answer_in_words(rows: list[Row]) -> None:
    """Old invitations, answered in words after the scale had changed to 7 points."""
    first = SCALE_CHANGE.isoformat()
    late = [
        row
        for row in rows
        if row["question_id"] == "onboarding_csat" and row["responded_at"] >= first
    ]
    for row, answer in zip(late[:6], POINTS["words_5"][3:] * 3, strict=True):
        row["answer"] = answer


def _versions(dice: Dice, rows: Iterable[Row]) -> list[Row]:
    """Answers that customers changed, and days that were exported twice."""
    added: list[Row] = []
    for row in rows:
        source = row["source_system"]
        if source == "zendesk" and row["question_id"] == "satisfaction":
            if row["answer"] == "bad" and dice.percent(12):
                added.append(row | _edit(dice, row, "good"))
            elif row["responded_at"].startswith("2025-03-04"):
                added.append(dict(row))
        if source == "qualtrics":
            if row["responded_at"].startswith("2024-06-20"):
                added.append(dict(row))
            elif row["answer"] == "Very dissatisfied" and dice.percent(3):
                added.append(row | _edit(dice, row, dice.pick(("Satisfied", ""))))
        if source == "delighted":
            if row["answer"] in ("2", "3") and dice.percent(5):
                added.append(row | _edit(dice, row, dice.pick(("6", "7", "8"))))
            elif row["responded_at"].startswith("2025-01-15"):
                added.append(row | {"responded_at": _other_offset(row)})
        # This tool exports no updated_at: the later answer counts.
        if (
            source == "surveymonkey"
            and row["survey_id"] == "billing"
            and len(row["responded_at"]) == 19
            and dice.percent(0.6)
        ):
            added.append(row | {"answer": "6"} | _later(row, "responded_at", 2))
    return added


def _edit(dice: Dice, row: Row, answer: str) -> Row:
    """What changes when a customer changes an answer, some days later."""
    later = _later(row | {"updated_at": row["responded_at"]}, "updated_at", 1)
    if dice.percent(40):
        later = _later(row | {"updated_at": row["responded_at"]}, "updated_at", 3)
    return {"answer": answer} | later


def _later(row: Row, column: str, days: int) -> Row:
    """The timestamp of a column, in its own spelling, some days later."""
    day = date.fromisoformat(row[column][:10]) + timedelta(days=days)
    return {column: day.isoformat() + row[column][10:]}


def _other_offset(row: Row) -> str:
    """The same instant, as another export job writes it."""
    moment = datetime.fromisoformat(row["responded_at"]).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _spoil(dice: Dice, rows: list[Row]) -> list[Row]:
    """The export of one source with all its defects, in the order of the file."""
    source = rows[0]["source_system"]
    if source == "qualtrics":
        _answer_in_words(rows)
    rows += _versions(dice, rows)
    _plant(dice, rows)
    good = [row for row in rows if row["comment"] and row["answer"]]
    for response_id in EXCLUDED_RESPONSES[source]:
        listed = dice.pick(good)["response_id"]
        for row in rows:
            if row["response_id"] == listed:
                row["response_id"] = response_id
    if source == "qualtrics":
        for moment in DST_MOMENTS:
            night = [row for row in rows if row["responded_at"][:10] == moment[:10]]
            night[0]["responded_at"] = moment
        first, last = (day.isoformat() for day in UNDEFINED_QUESTION)
        rows += [
            row | {"question_id": "packaging_csat", "comment": ""}
            for row in rows
            if row["question_id"] == "delivery_csat"
            and first <= row["responded_at"] < last
            and dice.percent(45)
        ]
    if source == "surveymonkey":
        # A month of paper cards that lay in a drawer, typed in at the very end.
        drawer = [
            row
            for row in rows
            if row["channel"] == "paper" and row["responded_at"].startswith("2025-02")
        ]
        rows = [row for row in rows if row not in drawer] + drawer
    return rows


# The files.


def _file_bytes(source: str, rows: Iterable[Row]) -> bytes:
    """One CSV file; the tools differ in columns, line ends and byte order marks."""
    text = io.StringIO()
    columns = COLUMNS[source]
    writer = csv.writer(text, lineterminator="\r\n" if source == "zendesk" else "\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(row[column.lower()] for column in columns)
    encoding = "utf-8-sig" if source == "delighted" else "utf-8"
    return text.getvalue().encode(encoding)


def _zipped(content: bytes) -> bytes:
    """The content gzipped: nothing but the zlib in use has a say in the bytes."""
    packed = io.BytesIO()
    with gzip.GzipFile(
        filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0
    ) as archive:
        archive.write(content)
    return packed.getvalue()


def sample_files() -> dict[str, bytes]:
    """The files of the sample: their names and what is in them."""
    dice = Dice(SEED)
    responses: dict[str, list[Response]] = {source: [] for source in COLUMNS}
    for customer in _customers(dice):
        for response in _journey(dice, customer):
            if FIRST_DAY <= response.moment.date() <= LAST_DAY:
                responses[response.source].append(response)
    files: dict[str, bytes] = {}
    for source in COLUMNS:
        given = sorted(responses[source], key=lambda response: response.moment)
        content = _file_bytes(source, _spoil(dice, _export(dice, given)))
        if source == "delighted":
            files[f"{source}.csv"] = content
        else:
            files[f"{source}.csv.gz"] = _zipped(content)
    return files


def write_sample(output: Path) -> dict[str, int]:
    """Write the files of the sample into a folder; returns their sizes in bytes."""
    files = sample_files()
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (output / name).write_bytes(content)
    except OSError as error:
        raise UserError(f"cannot write the sample to {output}: {error}") from error
    return {name: len(content) for name, content in files.items()}


def run(args: argparse.Namespace) -> int:
    """The command ``sample``."""
    for name, size in write_sample(args.output).items():
        print(f"{args.output / name}: {size} bytes")
    return 0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``sample`` to the command line."""
    parser = subparsers.add_parser(
        "sample",
        help="write the sample feed",
        description="Write the sample feed that ships with the project.",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=DEFAULT_OUTPUT,
        metavar="DIR",
        help="folder to write to (default: sample/survey_answers of the project)",
    )
    parser.set_defaults(run=run)
