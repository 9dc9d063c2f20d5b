"""Word lists of the quantity reader: what ends a phrase, what is a plural, what is named by number. Data only, lower case."""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a line.

    >>> sorted(words("a b"))
    ['a', 'b']
    """
    return frozenset(listed.split())


# These end the run of what is counted: prepositions, verbs and the like.
STOP = words(
    "of in on at to for from by with as into onto over under after before since until till during per via about against between among "
    "through across around along above below within without toward towards beyond despite behind near off out up down upon than and "
    "or but nor while when because if that which who whose whom where is are was were be been being am has have had having do does "
    "did will would can could may might must shall should a an the this these those his her its their our my your it he she they we i "
    "you him them us himself both each every no not also just so then now later earlier ago away too still already again yet ahead "
    "apart only even almost nearly least said says told say rose fell came went got made took gave saw won lost left led held ended "
    "began voted died fled remain remained became become include including included versus vs plus minus compared according following "
    "there here how what why whether either neither such like unlike against last next early late today yesterday tomorrow monday "
    "tuesday wednesday thursday friday saturday sunday january february march april june july august september october november "
    "december long tall wide deep high thick heavy due amid per once twice"
)
# Plurals without an s.
MASS = words(
    "people men women children police staff crew aircraft cattle sheep fish deer species troops personnel headquarters geese teeth "
    "feet mice spacecraft shrimp salmon trout offspring youth infantry cavalry livestock poultry swine buffalo bison pence media data "
    "criteria head folk folks clergy gentry salespeople townspeople policemen policewomen firemen fishermen gunmen businessmen "
    "congressmen servicemen spokesmen seamen horsemen craftsmen postmen workmen countrymen sportsmen frenchmen englishmen irishmen "
    "schoolchildren grandchildren"
)
# These stand alone for people: "seven dead", "41 injured".
PEOPLE = words("dead killed injured wounded hurt missing arrested detained hospitalised hospitalized displaced unaccounted")
# An s at the end and no plural.
NOT_PLURAL = words(
    "was his as this is has its across plus versus always perhaps besides less unless does us thus yes previous various famous"
)
# Before these "one" is a pronoun or part of a phrase, as before the words of STOP.
NOT_A_ONE = words("another more less thing other by-one off who'd can't hundredth")
# After these "one" is a pronoun: "this one", "phase one".
NO_ONE = words("no this each every any some which number day square the only other another phase chapter former latter round at")
# Months, whole and short.
MONTHS = words(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"
)
# After these a number is a name: "Room 12", "flight 370".
LABELS = words(
    "no nos number numbers # flight highway route interstate motorway autoroute page pages pp p article articles section sections "
    "chapter paragraph clause annex appendix figure fig table volume vol issue boeing airbus covid type phase category cat formula "
    "windows apollo iphone galaxy playstation xbox version channel gate platform room suite apartment apt flat floor level tier grade "
    "class lot exit pier dock berth terminal track lane bus tram train engine runway reactor block unit plot ward district precinct "
    "zone area sector zip code pin id isbn doi tel phone fax ext po box item items point rule schedule amendment resolution "
    "proposition prop title count episode season series round heat stage leg week day game test match set act scene verse psalm "
    "question step mission expedition operation model mark mk mile marker junction top bulletin circular report file case docket "
    "order licence license bill decree directive regulation s&p ftse nasdaq nikkei dax cac russell dow stoxx kospi hang fortune "
    "vehicle car lake rank ranked seed seeded court hole frame lap bay silo well block building house warehouse world fact facts hall "
    "local lines weeks briefing part incident patent category dial junction size"
)
# Labels that are verbs or common nouns too: counted words after the number win ("train 12 pilots").
SOFT_LABELS = words(
    "train test match set act count box order file report house game season day week point points world top level floor car class "
    "unit bus lot area rank ranked number numbers area model question building vehicle court well series round case step leg stage "
    "code exit dock block bay mile issue bill figure title mark platform track lane part weeks hall lines facts size"
)
# Labels that are written with a full stop.
SHORTENED = words("no nos fig vol p pp art sec ch para tel ext apt cat ser mt")
# After these, or a month, four digits are a year.
BEFORE_YEAR = words(
    "in since from until till by of during before after circa early late mid fiscal year summer winter spring autumn fall class "
    "season through to and the election elections back around about"
)
# What follows a score: "a 5-4 ruling".
SCORES = words(
    "win wins won victory lead leads loss defeat draw tie decision ruling vote verdict margin record score majority run runs set "
    "thrashing rout triumph split minority home away in at over against to down up on last favourite favorite odds"
)
# Capitalised in headlines and at the start of sentences, and no names.
OPENERS = words(
    "about around some over under nearly almost at least up to more than only just all these those the another and or but for of in "
    "on by from with kills kill killed injures injured leaves left wounds wounded arrests arrested hits tops adds cuts gets wins "
    "loses lost charges charged displaces rescues rescued claims claimed sees takes raises raised falls rises drops gains sheds "
    "seizes finds found saves costs dead hurt after monday tuesday wednesday thursday friday saturday sunday today yesterday"
)
# Before "nobody": harm to people.
CASUALTY = words("killed killing injured injuring hurt wounded wounding left harmed harming arrested arresting")
