"""The unit table: how units are written, what they are called here, and how they convert.

Data only, and the few lines that read it. Names are singular and spelled the British way ("kilometre per hour"), so that
two sources which write "mph" and "miles an hour" carry the same words. Factors are exact where the definition is (the
international yard and pound of 1959, the US gallon, the oil barrel of 42 US gallons); where a unit is a habit rather than
a definition the line says so. Money is never converted between currencies, and months never into days.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from noisefilter.reliability.vocabulary import words


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name here, what it measures, and `factor` base units of that dimension (`BASES`)."""

    name: str
    dimension: str
    factor: Decimal


# What a dimension is converted to. The base is the unit a newspaper would print, not the SI base.
BASES: dict[str, str] = {
    "length": "metre",
    "area": "hectare",
    "volume": "cubic metre",
    "mass": "kilogram",
    "time": "hour",
    "calendar": "year",
    "speed": "kilometre per hour",
    "flow": "cubic metre per second",
    "temperature": "celsius",
    "energy": "kilowatt-hour",
    "power": "kilowatt",
    "data": "byte",
    "pressure": "pascal",
    "voltage": "volt",
    "current": "ampere",
    "frequency": "hertz",
    "economy": "mile per gallon",
    "charge": "milliampere-hour",
    "torque": "newton metre",
    "share": "%",
    "points": "percentage point",
    "ratio": "times",
}

# name | dimension | factor | how it is written (lower case, without the plural s of the last word, which is added).
_MEASURES = """
nanometre|length|1e-9|nm nanometer
micrometre|length|1e-6|µm μm um micrometer micron
millimetre|length|0.001|mm millimeter
centimetre|length|0.01|cm centimeter
decimetre|length|0.1|dm decimeter
metre|length|1|m meter metre mtr
kilometre|length|1000|km kilometer kilometre kms klick
inch|length|0.0254|inch inches in in. ″
foot|length|0.3048|ft feet foot ft.
yard|length|0.9144|yd yard yds
mile|length|1609.344|mi mile
nautical mile|length|1852|nmi nautical-mile
furlong|length|201.168|furlong
light-year|length|9460730472580800|light-year lightyear
square millimetre|area|1e-10|mm2 mm² sq-mm square-millimetre square-millimeter
square centimetre|area|1e-8|cm2 cm² sq-cm square-centimetre square-centimeter
square metre|area|0.0001|m2 m² sq-m sqm square-metre square-meter sq-metre sq-meter
square kilometre|area|100|km2 km² sq-km sqkm square-kilometre square-kilometer sq-kilometre
square foot|area|0.000009290304|ft2 ft² sq-ft square-feet square-foot sqft
square yard|area|0.000083612736|sq-yd square-yard
square mile|area|258.9988110336|sq-mi square-mile sq-mile
hectare|area|1|ha hectare
acre|area|0.40468564224|acre
millilitre|volume|1e-6|ml milliliter millilitre
centilitre|volume|1e-5|cl centiliter centilitre
litre|volume|0.001|l liter litre ltr
megalitre|volume|1000|megalitre megaliter
gallon|volume|0.003785411784|gal gallon
pint|volume|0.000473176473|pint
quart|volume|0.000946352946|quart
fluid ounce|volume|0.0000295735295625|fl-oz fluid-ounce
cup|volume|0.0002365882365|cup
tablespoon|volume|0.00001478676478125|tbsp tablespoon
teaspoon|volume|0.00000492892159375|tsp teaspoon
barrel|volume|0.158987294928|bbl barrel bbls
bushel|volume|0.03523907016688|bushel
cubic metre|volume|1|m3 m³ cubic-metre cubic-meter cu-m
cubic foot|volume|0.028316846592|ft3 ft³ cubic-feet cubic-foot cu-ft
cubic yard|volume|0.764554857984|cubic-yard
cubic kilometre|volume|1e9|km3 km³ cubic-kilometre cubic-kilometer
cubic centimetre|volume|1e-6|cm3 cm³ cubic-centimetre cubic-centimeter cc
acre-foot|volume|1233.48183754752|acre-feet acre-foot
nanogram|mass|1e-12|ng nanogram
microgram|mass|1e-9|µg μg mcg microgram microgramme
milligram|mass|1e-6|mg milligram milligramme
gram|mass|0.001|g gram gramme gm
kilogram|mass|1|kg kilo kilogram kilogramme kgs
ton|mass|907.18474|ton short-ton
metric ton|mass|1000|t tonne metric-ton metric-tonne mt
kiloton|mass|1000000|kt kiloton kilotonne
megaton|mass|1e9|megaton megatonne
ounce|mass|0.028349523125|oz ounce
troy ounce|mass|0.0311034768|troy-ounce
pound|mass|0.45359237|lb lbs lb. lbs. pound
stone|mass|6.35029318|stone st
carat|mass|0.0002|carat ct
nanosecond|time|2.777777777777778e-13|nanosecond ns
microsecond|time|2.777777777777778e-10|microsecond µs μs
millisecond|time|2.777777777777778e-7|ms millisecond msec
second|time|0.0002777777777777778|s sec second secs
minute|time|0.01666666666666667|min minute mins
hour|time|1|h hr hour hrs
day|time|24|day
night|nights|1|night
week|time|168|week wk wks
fortnight|time|336|fortnight
month|calendar|0.08333333333333333|month mo
quarter|calendar|0.25|quarters
year|calendar|1|yr year yrs
decade|calendar|10|decade
century|calendar|100|century centuries
kilometre per hour|speed|1|kmh kph kmph km/h km/hr
mile per hour|speed|1.609344|mph
metre per second|speed|3.6|m/s
knot|speed|1.852|knot kt
mile per gallon|economy|1|mpg
barrel per day|flow|0.00000184013074|bpd
celsius|temperature|1|c °c celsius celcius centigrade degrees-celsius degree-celsius deg-c degrees-c degree-c deg-celsius ℃
celsius|temperature|1|degrees-celcius degrees-centigrade centigrate
fahrenheit|temperature|1|f °f fahrenheit farenheit degrees-fahrenheit degree-fahrenheit deg-f degrees-f degree-f deg-fahrenheit ℉
fahrenheit|temperature|1|degrees-farenheit
kelvin|temperature|1|k kelvin
degree|angle|1|° º degree deg deg.
radian|angle|57.29577951308232|rad radian
joule|energy|2.777777777777778e-7|joule
calorie|energy|0.000001162222222222222|calorie cal
kilocalorie|energy|0.001162222222222222|kcal kilocalorie
watt-hour|energy|0.001|wh watt-hour
kilowatt-hour|energy|1|kwh kilowatt-hour
megawatt-hour|energy|1000|mwh megawatt-hour
gigawatt-hour|energy|1e6|gwh gigawatt-hour
terawatt-hour|energy|1e9|twh terawatt-hour
watt|power|0.001|w watt
kilowatt|power|1|kw kilowatt
megawatt|power|1000|mw megawatt
gigawatt|power|1e6|gw gigawatt
terawatt|power|1e9|tw terawatt
horsepower|power|0.7456998715822702|hp bhp horsepower
volt|voltage|1|v volt
kilovolt|voltage|1000|kv kilovolt
ampere|current|1|amp ampere
milliampere-hour|charge|1|mah milliamp-hour
newton metre|torque|1|newton-metre newton-meter
hertz|frequency|1|hz hertz
kilohertz|frequency|1000|khz kilohertz
megahertz|frequency|1e6|mhz megahertz
gigahertz|frequency|1e9|ghz gigahertz
bit|data|0.125|bit
megabit|data|125000|mbit megabit mbps
gigabit|data|1.25e8|gbit gigabit gbps
byte|data|1|byte
kilobyte|data|1000|kb kilobyte
megabyte|data|1e6|mb megabyte
gigabyte|data|1e9|gb gigabyte
terabyte|data|1e12|tb terabyte
petabyte|data|1e15|pb petabyte
pascal|pressure|1|pa pascal
hectopascal|pressure|100|hpa hectopascal
kilopascal|pressure|1000|kpa kilopascal
megapascal|pressure|1e6|mpa megapascal
millibar|pressure|100|mbar millibar
bar|pressure|100000|bar
psi|pressure|6894.757293168|psi
decibel|sound|1|db decibel
%|share|1|% percent per-cent pct pc percentage ﹪ ％
percentage point|points|1|percentage-point pp %-point percent-point ppt
basis point|points|0.01|basis-point bp bps
per mille|share|0.1|‰
part per million|share|0.0001|ppm
times|ratio|1|time times × fold x
dozen|count|12|dozen
TEU|count|1|teu teus
"""

# Read as units only when glued to the number ("5c") or with a degree sign: apart from it they are other words.
GLUED_ONLY: frozenset[str] = frozenset(
    ("c", "f", "st", "pc", "ct", "cal", "mo", "gm", "in", "in.", "try", "ron", "won", "ban", "all", "pa", "tw", "tb", "p", "d", "x")
)

# ISO code | name | subunit | symbols (as prefixes or suffixes) | further names. Names follow common English usage.
_CURRENCIES = """
USD|dollar|cent|$ us$ u.s.$ u.s$ usd$|us-dollar u.s.-dollar american-dollar buck greenback
EUR|euro|cent|€|
GBP|pound sterling|penny|£ gbp£|british-pound pound-sterling quid pounds-sterling sterling
JPY|japanese yen|sen|¥ ￥|yen
CNY|chinese yuan|fen|元 rmb cn¥|yuan renminbi kuai chinese-yuan
CHF|swiss franc|centime|fr.|swiss-franc
CAD|canadian dollar|cent|c$ ca$ cad$ can$|canadian-dollar
AUD|australian dollar|cent|a$ au$ aud$|australian-dollar
NZD|new zealand dollar|cent|nz$ nzd$|new-zealand-dollar
HKD|hong kong dollar|cent|hk$ hkd$|hong-kong-dollar
SGD|singapore dollar|cent|s$ sg$|singapore-dollar
TWD|taiwan dollar|cent|nt$|taiwan-dollar
INR|rupee|paisa|₹ rs rs. inr|rupee indian-rupee
PKR|pakistani rupee|paisa||pakistani-rupee
LKR|sri lankan rupee|cent|ரூ|sri-lankan-rupee
BRL|brazilian real|centavo|r$|reais
MXN|mexican peso|centavo|mex$ mx$ mxn$|mexican-peso
ARS|argentine peso|centavo||argentine-peso
PHP|philippine peso|centavo|₱|philippine-peso
RUB|rouble|kopeck|₽|rouble ruble russian-rouble russian-ruble
UAH|hryvnia|kopiyka|₴|hryvnia hryvnias
KRW|won|jeon|₩|won
TRY|turkish lira|kurus|₺|turkish-lira
ILS|shekel|agora|₪|shekel
THB|baht|satang|฿|baht
VND|dong|hao|₫|dong
NGN|naira|kobo|₦|naira
ZAR|rand|cent||rand
KES|kenyan shilling|cent|ksh|shilling
EGP|egyptian pound|piastre||egyptian-pound
SEK|swedish krona|ore|kr|krona kronor swedish-krona swedish-kronor
NOK|norwegian krone|ore||norwegian-krone norwegian-kroner krone kroner
DKK|danish krone|ore||danish-krone danish-kroner
ISK|icelandic krona|eyrir||icelandic-krona
PLN|zloty|grosz|zł|zloty zlotys
CZK|czech koruna|haler|kč|koruna korunas
HUF|forint|filler||forint
RON|romanian leu|ban||lei
SAR|riyal|halala||riyal
AED|dirham|fils||dirham
IDR|rupiah|sen|rp|rupiah
MYR|ringgit|sen|rm|ringgit
BDT|taka|poisha|৳|taka
CRC|costa rican colón|centimo|₡|colón colones
GEL|georgian lari|tetri|₾|lari
LAK|lao kip|att|₭|kip
KZT|tenge|tiyn|₸|tenge
BTC|bitcoin|satoshi|₿|bitcoin
ETH|ether|wei||ether
DEM|deutsche mark|pfennig||deutsche-mark d-mark marks
FRF|french franc|centime||french-franc
FIM|finnish markka|penni||markka finnish-markka
NLG|dutch guilder|cent||guilder dutch-guilder
ITL|italian lira|centesimo||lira lire
ESP|peseta|centimo||peseta
IRR|iranian rial|dinar||rial
IQD|iraqi dinar|fils||dinar
DOP|dominican peso|centavo||peso
FRC|franc|centime||franc
"""

# Subunits: name | written forms. A hundred of each make the currency; which currency, the text seldom says.
_SUBUNITS = """
cent|cent ¢ us-cent
penny|penny pence p
sen|sen
satoshi|satoshi
euro cent|euro-cent eurocent
paisa|paisa paise
"""


def _forms(written: str) -> list[str]:
    """Every spelling of the forms listed: hyphens inside a form stand for a space, and words get their plural."""
    spellings: list[str] = []
    for form in written.split():
        plain = form.replace("-", " ") if len(form) > 1 else form
        spellings += [plain, form]
        if plain[-1:].isalpha() and len(plain) > 3 and not plain.endswith("s"):
            spellings += [plain + "s", form + "s"]
    return spellings


def _read_measures() -> tuple[dict[str, Unit], dict[str, str]]:
    """The units by name, and the name of each written form."""
    units: dict[str, Unit] = {}
    names: dict[str, str] = {}
    for line in _MEASURES.strip().splitlines():
        name, dimension, factor, written = line.split("|")
        units[name] = Unit(name, dimension, Decimal(factor))
        for form in [*_forms(written), name, name + "s"]:
            names.setdefault(form, name)
    return units, names


def _read_currencies() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Name by word, name by prefix symbol or code, code by name."""
    words: dict[str, str] = {}
    symbols: dict[str, str] = {}
    codes: dict[str, str] = {}
    for line in _CURRENCIES.strip().splitlines():
        code, name, _, marks, further = line.split("|")
        codes[name] = code
        for form in [*_forms(further), name, name + "s"]:
            words.setdefault(form, name)
        for mark in [*marks.split(), code.lower()]:
            symbols.setdefault(mark, name)
    for line in _SUBUNITS.strip().splitlines():
        name, written = line.split("|")
        words.update(dict.fromkeys(_forms(written), name))
    return words, symbols, codes


UNITS, MEASURES = _read_measures()
CURRENCY_WORDS, CURRENCY_SYMBOLS, CURRENCY_CODES = _read_currencies()

# Every written form that may follow a number, and the name of the unit.
WRITTEN: dict[str, str] = {**MEASURES, **{symbol: name for symbol, name in CURRENCY_SYMBOLS.items() if len(symbol) > 1}, **CURRENCY_WORDS}
# "pounds" and "marks" are read as weights and as money alike; the amount decides (quantities.py).
WRITTEN["pound"] = WRITTEN["pounds"] = "pound"
CURRENCIES: frozenset[str] = frozenset(CURRENCY_CODES) | frozenset(line.split("|")[0] for line in _SUBUNITS.strip().splitlines())

# What "a" or "per" may be followed by to make a rate of the number before: "a week", "a share", "a barrel".
RATE_NOUNS: frozenset[str] = words(
    "second minute hour day night week fortnight month quarter year season decade century share barrel ton tonne gallon litre liter "
    "pound ounce kilo kilogram kilometre kilometer mile head person piece dozen unit game match head household employee vote seat "
    "bottle ticket pint bushel acre hectare square patient passenger student litter word page visit session shift metre meter"
)
# Adverbs of rate and the denominator they stand for.
RATE_ADVERBS: dict[str, str] = {
    "hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year", "annual": "year", "apiece": "piece", "each": "",
}  # fmt: skip
# Written in one piece with the denominator, or by its Latin name.
RATE_WORDS: dict[str, str] = {
    "annum": "year",
    "capita": "person",
    "diem": "day",
    "hr": "hour",
    "h": "hour",
    "s": "second",
    "sec": "second",
    "min": "minute",
}

# Crude oil: barrels in a metric ton. 7.33 is the usual average; light crude runs to 8, fuel oil to 6.3, so a comparison
# across the two allows for a tenth either way (claims about the same spill agreed at 7.1 in what we have seen).
BARRELS_PER_TON = Decimal("7.3")
