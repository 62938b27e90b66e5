"""Made-up news stories of 200 to 400 words, all different, each determined by its number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

_FIRST_DAY = datetime(2024, 2, 3, 6, 40, tzinfo=UTC)

_PLACES = (
    "Marrowby", "Tessel Quay", "Upper Hadden", "Kelm", "Saint Orrin", "Brackwater", "Low Ferring",
    "Aldermoor", "Pennick", "Wraysholme", "Cold Ashlar", "Dunmere",
)  # fmt: skip
_THINGS = (
    "ferry landing", "weir", "market hall", "footbridge", "signal box", "reading room",
    "salt store", "tram shed", "lighthouse road", "public baths", "grain lift", "ropewalk",
)  # fmt: skip
_PEOPLE = (
    "Ines Garrow", "Tobias Fenn", "Marta Quill", "Oskar Leyland", "Ruth Abernal", "Piet Sallow",
    "Hanna Corrie", "Emil Thackwood", "Jo Minster", "Nadia Pellow",
)  # fmt: skip
_TRADES = (
    "harbour master", "surveyor", "treasurer", "schoolteacher", "bell founder", "bus driver",
    "archivist", "baker", "electrician", "district nurse",
)  # fmt: skip

_HEADLINES = (
    "The {thing} of {place} is to open again before the winter",
    "{place} votes to keep its {thing} for another generation",
    "Nobody in {place} wants to pay for the {thing}",
    "How the {thing} of {place} came to be built twice",
    "A week of repairs at the {thing} in {place} has become a year",
    "{place} finds a forgotten cellar under its {thing}",
)

# A story takes one of each row, in this order.
_PARAGRAPHS = (
    (
        "The council of {place} decided on Monday night, by {many} votes to {few}, that the"
        " {thing} will not be sold. The debate had been expected to last an hour; it went on until"
        " the caretaker, who wanted to go home, began to put out the lamps in the gallery one by"
        " one.",
        "For the first time in {many} years the {thing} at {place} stands empty. The last tenants"
        " moved their benches out over the weekend, and by Sunday evening only the clock was left,"
        " which had never belonged to anybody and which nobody had the heart to stop.",
        "When the water rose at {place} last month, it stopped {few} steps below the door of the"
        " {thing}. The mark is still to be seen on the plaster, and since Friday a brass plate"
        " beside it says to the hour when the river changed its mind and went back.",
        "A crack that a child could put a hand into runs across the north wall of the {thing} in"
        " {place}. It was found on Thursday by the {trade}, who had come about something else"
        " entirely and leaned an umbrella against a stone that was no longer there.",
    ),
    (
        "“I have been asked whether I am relieved,” said {person}, the {trade}. “I would be, if I"
        " did not know how many slates are missing.” {surname} has counted them from the church"
        " tower with a pair of field glasses and arrived at a number that nobody disputes.",
        "{person}, who is the {trade} here and knows the building better than most, had warned of"
        " this in a letter {few} years ago. The letter was read out at the meeting. It was short,"
        " polite and right in every point, and there was a silence when it had been folded again.",
        "According to {person}, a {trade} from {other}, the trouble began with a drain. It had"
        " been laid in a hurry, in a summer when pipes were hard to come by, and whoever laid it"
        " had trusted that water would run uphill if only it was given enough time.",
        "Not everyone was surprised. {person} had been telling visitors for {many} weeks that"
        " something was wrong with the floor. As a {trade}, {surname} says, one learns to listen"
        " with the soles of one's feet, and the floor had been complaining since the thaw.",
    ),
    (
        "The bill is put at {sum} crowns. A third of it is to come from the district, which has"
        " promised as much before; another third from the fund for old roofs, which is nearly"
        " exhausted; and the rest from a lottery whose first prize, a rowing boat, is already"
        " here.",
        "An estimate that was drawn up in the spring speaks of {sum} crowns, without the paint."
        " The firm from {other} which is to do the work has asked for half of that in advance and"
        " has been told, in the words of the minutes, that it may have the other half first.",
        "What it will cost is not known. The figure of {sum} crowns, which has been going round"
        " the market stalls, comes from a sketch on the back of a menu; the {trade} who drew it"
        " says that it was meant as a warning and never as an offer.",
        "Money is there, for once. A merchant who left {place} as a young man has left it {sum}"
        " crowns in his will, on the condition that his name be written nowhere. The town has kept"
        " to this so faithfully that hardly anyone now remembers what he was called.",
    ),
    (
        "Old people remember that the {thing} was once painted green. There is a photograph in the"
        " town archive in which it has a balcony, two flagpoles and a dog on the steps; the dog"
        " also appears in the accounts of that year, under sundry expenses, with its own licence.",
        "The history of the place is longer than its records. A stone in the yard bears a date"
        " that is older than the parish, and the first drawing, made by a passing engineer, shows"
        " a roof of reeds and a queue of carts that reaches to the edge of the paper.",
        "It was built by people from {other}, who came for one winter and stayed for {few}. They"
        " brought their own mortar with them, since they did not trust the sand here, and chemists"
        " who have looked at it since are inclined to say that they were right.",
        "There has been a {thing} on this spot for as long as there has been a road to it. Twice"
        " it burned down and once it was carried off by the ice, and each time the same family"
        " sold the town the timber for the next, at a price that was thought fair.",
    ),
    (
        "Against the plan speaks the noise. Those who live behind the {thing} have hung sheets"
        " from their windows, on which they have written how many hours they slept last week; the"
        " smallest number so far is {few}, and the family in question is thinking of moving.",
        "There are objections. The heron that has nested on the chimney since March is protected,"
        " and the nest may not be moved before the young have flown. Work will therefore begin at"
        " the bottom and proceed upwards at a pace that, as it is put, the bird will set.",
        "A petition with {many} names asks that nothing be done at all. Its authors hold that the"
        " building has looked after itself for a long time and that most of what has gone wrong"
        " with it went wrong on days on which somebody was trying to help.",
        "In {other}, a few miles down the line, the matter is watched with some concern. The town"
        " has a {thing} of its own, and should this one be mended for less than theirs was, there"
        " would be questions at the next election that nobody there is keen to answer.",
    ),
    (
        "The next meeting is set for the {many}th. Tea will be served from seven, and whoever"
        " wants to speak is asked to write down what about. The town clerk expects a full hall and"
        " has borrowed {many} chairs from the chapel, along with the hymn board for the agenda.",
        "Until then the doors stay shut. A notice tells travellers to use the side gate, and a boy"
        " with a lantern has been engaged to show them where it is; he is paid by the evening and"
        " has let it be known that he would not mind if the repairs took their time.",
        "If all goes well the scaffolding will be gone by the first frost. “All never goes well,”"
        " said {person}, “but some of it usually does.” With that the {trade} picked up a bucket,"
        " looked at the sky over {other} and went back in to see to the rest.",
        "Somebody has already planted a row of lime trees along the wall. They are no taller than"
        " a broom. In {few} years, if the goats of {other} can be kept away, they will throw their"
        " first shade on the steps, and people will say that they have always been there.",
    ),
)
_MARK = "In the register of the county this matter is kept under number {number:05}-{revision}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story; *mark* is the one of its *paragraphs* that no other story has."""

    number: int
    headline: str
    author: str
    published: datetime
    standfirst: str
    paragraphs: tuple[str, ...]
    mark: str


@cache
def story_of(number: int, revision: int = 0) -> Story:
    """Return story *number* as it stands after so many revisions."""
    chance = random.Random(f"{number} {revision}")
    place, other = chance.sample(_PLACES, 2)
    person, author = chance.sample(_PEOPLE, 2)
    words = {
        "place": place,
        "other": other,
        "thing": _THINGS[number % len(_THINGS)],
        "person": person,
        "surname": person.split()[1],
        "trade": chance.choice(_TRADES),
        "few": chance.randint(4, 9),
        "many": chance.randint(11, 28),
        "sum": f"{chance.randint(12, 98)},{chance.randint(1, 9)}00",
    }
    told = [chance.choice(row).format(**words) for row in _PARAGRAPHS]
    mark = _MARK.format(number=number, revision=revision)
    headline = _HEADLINES[number % len(_HEADLINES)].format(**words)
    return Story(
        number=number,
        headline=f"{headline[0].upper()}{headline[1:]}, says report {number}",
        author=author,
        published=_FIRST_DAY + timedelta(hours=7 * number),
        standfirst=f"What people in {place} say, and what it means for those of {other}.",
        paragraphs=(*told[:4], mark, *told[4:]),
        mark=mark,
    )
