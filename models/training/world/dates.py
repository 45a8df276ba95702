"""Days, months and seasons and what comes next (kind A)."""

from __future__ import annotations

from .asking import asks, lookup
from .facts import DAYS, MONTHS, SEASONS
from .grammar import Family


def _asks(unit: str, relation: str, near: str) -> tuple[str, ...]:
    """Return the usual ways to ask for the unit "before" or "after" this one; `near` are its adjectives."""
    one = f"{{{{{near}}} one|one {relation} {{it|this one}}}}"
    this = f"{{this|this one|this {unit}|it}}"
    return (
        f"{{Give|Write|State|Provide|Name}} the {unit} {relation} {{this one|this {unit}|the given {unit}}}.",
        f"What is the {unit} {relation} {{this one|this {unit}|the given {unit}}}?",
        f"The {{{near}}} {unit}{{:|}}",
        f"The {unit} {{right |}}{relation} this{{| one}}{{:|}}",
        f"{{Tell me|Let me know|Show me}} the {{{near}}} {unit}.",
        f"{{Here is|This is|You get|Below is}} a {unit}. {{Give|Write|Tell me|Answer with}} the {one}.",
        f"{{Here is|This is|I have|There is}} a {unit}. What is the {one}?",
        f"{{I need|I want|I would like|I am looking for|I want to know}} the {unit} {relation} {this}.",
        f"I {{forgot|do not know|cannot remember|am not sure}} {{which|what}} {unit} comes {relation}"
        f" {this}.",
        f"{{Do you know|Can you tell me|Could you give me}} the {unit} {{that comes |}}{relation} {this}?",
        f"{{Find|Look up|Work out|Determine}} the {{{{{near}}} {unit}|{unit} {relation} the one in the"
        f" input}}.",
        f"For {{this|the given}} {unit}, {{give|write|name|find}} the {one}.",
        f"Given a {unit}, {{give|return|output|produce|write}} the {one}.",
        f"{{Reply|Answer|Respond}} with the {{{{{near}}} {unit}|{unit} {relation} {this}}}.",
    )


_NEXT_DAY = (
    *_asks("day", "after", "next|following"),
    *_asks("weekday", "after", "next|following")[:5],
    "{Which|What} {day|weekday|day of the week} {comes|is} {after|right after|directly after} {this"
    " one|this day|this|it}?",
    "If today is this day, what {day is|is} tomorrow?",
    "If this is today, {what|which day} is tomorrow?",
    "{What|Which} day {is it|will it be|will we have} {tomorrow|the day after}, if this is today?",
    "{Today is this day|Today is given|This is today}. {What is tomorrow?|Which day is tomorrow?|Name"
    " tomorrow.}",
    "{Tomorrow|The day after|Day after|Next day|Next weekday|One day later|Day plus one}{:|?}",
    "{What|Which} day {follows|comes next|is next}?",
    "{Go|Move|Count} one day {forward|ahead|on}.",
    "{Name|Give|Write|Tell me|Say|State} the day {after|that follows|that comes after} {this one|this|it}.",
    "{Today is this day|Today it is this day}. And tomorrow?",
    "{What|Which day} comes next in the week?",
    "{What|Which} is the {very next|following} day{| of the week}?",
    "One day {later|after this}, {which|what} day is it?",
    "{Add|Wait} one day. {Which|What} day {is it|do you get|is it then}?",
    "I {sleep|wait} one night. {Which|What} day is it then?",
    "In the calendar, {which|what} day {stands|comes} {right |}after this{| one}?",
    "{Continue|Go on with} the days of the week: which one {comes|is} next?",
    "The day is given. {Write|Give|Name} the {next|following} one.",
    "I {wonder|would like to know|have to know} {which|what} day {comes|is} after this{| one}.",
    "This day is {over|ending}. {Which|What} day {begins|starts} {now|then|at midnight}?",
)
_PREVIOUS_DAY = (
    *_asks("day", "before", "previous|preceding"),
    *_asks("weekday", "before", "previous|preceding")[:5],
    "{Which|What} {day|weekday|day of the week} {comes|is} {before|right before|directly before} {this"
    " one|this day|this|it}?",
    "If today is this day, what {day was|was} yesterday?",
    "If this is today, {what|which day} was yesterday?",
    "{What|Which} day {was it|did we have} {yesterday|the day before}, if this is today?",
    "{Today is this day|Today is given|This is today}. {What was yesterday?|Which day was"
    " yesterday?|Name yesterday.}",
    "{Yesterday|The day before|Day before|Previous day|Previous weekday|One day earlier|Day minus one}{:|?}",
    "{What|Which} day {came before|was before|precedes this one|precedes it}?",
    "{Go|Move|Count} one day back.",
    "{Name|Give|Write|Tell me|Say|State} the day {before|that precedes|that comes before} {this"
    " one|this|it}.",
    "{Today is this day|Today it is this day}. And yesterday?",
    "{What|Which day} {comes|was} just before {this|it} in the week?",
    "{What|Which} is the day right before this one?",
    "One day {earlier|before this}, {which|what} day was it?",
    "{Take away|Subtract} one day. {Which|What} day {is it|do you get|is it then}?",
    "{Which|What} day was it one night {ago|before|earlier}?",
    "In the calendar, {which|what} day {stands|comes} {right |}before this{| one}?",
    "Say the days of the week backwards: which one do you say next?",
    "The day is given. {Write|Give|Name} the {previous one|one before|one before it}.",
    "I {wonder|would like to know|have to know} {which|what} day {comes|is} before this{| one}.",
    "This day {begins|has just begun}. {Which|What} day {has ended|was it until midnight|is over}?",
)
_NEXT_MONTH = (
    *_asks("month", "after", "next|following"),
    "{Which|What} month {comes|is} {after|right after|directly after} {this one|this month|this|it}?",
    "If this is the {current|present} month, {what|which} is {next month|the next one}?",
    "If it is this month now, {what|which month} {comes next|is next|will be next}?",
    "{Month after|The month after|Next month|Following month|One month later|Month plus one}{:|?}",
    "{What|Which} month {follows|comes next|is next}?",
    "{Go|Move|Count} one month {forward|ahead|on}.",
    "{Name|Give|Write|Tell me|Say|State} the month {after|that follows|that comes after} {this one|this|it}.",
    "{What|Which month} comes next in the year?",
    "One month {later|after this}, {which|what} month is it?",
    "{Add|Wait} one month. {Which|What} month {is it|do you get|is it then}?",
    "In the calendar, {which|what} month {stands|comes} {right |}after this{| one}?",
    "{Continue|Go on with} the months of the year: which one {comes|is} next?",
    "The month is given. {Write|Give|Name} the {next|following} one.",
    "I {wonder|would like to know|have to know} {which|what} month {comes|is} after this{| one}.",
    "This month is {over|ending}. {Which|What} month {begins|starts} {now|then|next}?",
    "Turn the {calendar|page of the calendar} to the next month. {What is it?|What do you see?|Which"
    " one is it?}",
    "My {birthday|holiday} is {one month|a month} {later|after this}. In {which|what} month is it?",
    "{What|Which} is the {very next|following} month{| of the year}?",
    "We meet again in a month. {Which|What} month {is it then|will it be}?",
)
_PREVIOUS_MONTH = (
    *_asks("month", "before", "previous|preceding"),
    "{Which|What} month {comes|is} {before|right before|directly before} {this one|this month|this|it}?",
    "If this is the {current|present} month, {what|which} was {last month|the month before}?",
    "If it is this month now, {what|which month} {was last month|came before|was before}?",
    "{Month before|The month before|Previous month|Preceding month|One month earlier|Month minus one}{:|?}",
    "{What|Which} month {came before|was before|precedes this one|precedes it}?",
    "{Go|Move|Count} one month back.",
    "{Name|Give|Write|Tell me|Say|State} the month {before|that precedes|that comes before} {this"
    " one|this|it}.",
    "{What|Which month} comes just before {this|it} in the year?",
    "One month {earlier|before this}, {which|what} month was it?",
    "{Take away|Subtract} one month. {Which|What} month {is it|do you get|is it then}?",
    "In the calendar, {which|what} month {stands|comes} {right |}before this{| one}?",
    "Say the months of the year backwards: which one do you say next?",
    "The month is given. {Write|Give|Name} the {previous one|one before|one before it}.",
    "I {wonder|would like to know|have to know} {which|what} month {comes|is} before this{| one}.",
    "This month {begins|has just begun}. {Which|What} month {has ended|is over|was it until yesterday}?",
    "Turn the {calendar|page of the calendar} one month back. {What is it?|What do you see?|Which one"
    " is it?}",
    "My {birthday|holiday} was {one month|a month} {earlier|before this}. In {which|what} month was it?",
    "We met a month ago. {Which|What} month was it{| then}?",
    "What was last month, if this is the month now?",
)
_SEASON = (
    *(phrasing.replace("|the following", "") for phrasing in asks(("season",), ("month",))),
    "{Which|What} season {is this month in|does this month belong to|is it in this month}?",
    "{In which|In what} season is this month?",
    "{To which|To what} season does this month belong?",
    "{Is this month in|Is it in|Does it belong to} spring, summer, autumn or winter?",
    "{Spring, summer, autumn or winter|Winter, spring, summer or autumn|Winter, summer, autumn or spring}?",
    "{Winter or summer, spring or autumn|Summer or winter, autumn or spring}{?| for this month?}",
    "{Season|Season of|Time of year|Season of the month|Which season}{:|?}",
    "{Match|Put} the month {with|into} {its|the right} season.",
    "{Sort|Classify} the month by season.",
    "{What|Which} {time of the year|time of year|part of the year} is {it|this|it in this month}?",
    "{Say|Tell me|State|Decide|Write} {which season this month is in|in which season this month is}.",
    "We meet in this month. {Which|What} season {is it|will it be|do we have} then?",
    "It is this month now. {What season is it?|Which season do we have?|What is the season?}",
    "My birthday is in this month. {Is that in spring, summer, autumn or winter?|In which season is it?}",
    "{Name|Give|Write} the season {that this month is part of|to which this month belongs|we have in"
    " this month}.",
    "{Name|Give|Write} the season {in Europe in this month|for this month in Europe}.",
    "In {which|what} of the four seasons {do you find|is} this month?",
    "{The year has four seasons.|There are four seasons.} {Which one is this month in?|Which one is it in"
    " this month?}",
    "What is the season{| in this month| of this month}?",
    "{I wonder|I would like to know|I want to know} {which|what} season {it is|we have} in this month.",
    "This month falls in {which|what} season?",
)


def _shifted(names: tuple[str, ...], step: int) -> dict[str, str]:
    """Map each name to the one `step` places further round the circle."""
    return {name: names[(index + step) % len(names)] for index, name in enumerate(names)}


FAMILIES: tuple[Family, ...] = (
    lookup("next_day", _shifted(DAYS, 1), _NEXT_DAY),
    lookup("previous_day", _shifted(DAYS, -1), _PREVIOUS_DAY),
    lookup("next_month", _shifted(MONTHS, 1), _NEXT_MONTH),
    lookup("previous_month", _shifted(MONTHS, -1), _PREVIOUS_MONTH),
    lookup("season", {month: season for season, months in SEASONS.items() for month in months}, _SEASON),
)
