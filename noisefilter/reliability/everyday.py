"""Stems of words that stand in reports on whatever event, written by scripts/train_matching.py from the clusters.

They tell nothing of two articles that share them. In a corpus of two events no counting could show that "people" is such a word.
"""

from noisefilter.reliability.vocabulary import words

EVERYDAY = frozenset(
    words("""
    account across add admit affect afternoon age ago agre air aliv allow alon amount analyst announc annual answer appeal area arm
    arriv ask august authority autumn averag bad bank becom bed begin behind believ belong best better big bill billion biscuit bit
    blanket board book boss bottom boy branch break bridg bring brok brought build built burst buy call capital car carri carry cas cash
    cent chang charg check chief child city claim clear clos coast collaps collect com company compar concern confirm contractor control
    cost council count country county cours cover crash crew crown cubic current cut damag dark dat day dead deal death delay demand die
    director district doctor dollar door doubl dozen draw driv driver drop earlier easter eight eighteen eleven emergency employ employe
    end engineer enough estimat euro even exchang executiv expect expert fail fall family fan far february feet fewer field fifth fifty
    figur fil fill fin final financ financial find finish fir firm first fish fiv flow follow foot forc foreign former forty forty-on
    four fourteen fourth fre friday friend front full gain gat gaug gav giv going good government ground group grow half hall hand
    harbour head hear heard heavy hectar height help high highest hit hold hom hop hospital hour hous household hundr hurt includ injur
    insid insider inspection inspector institut interval issu it january job jona july jun keep kept kill kilometr kind km know laid
    largest last lat law lead leader leav lent let letter level lie lif lift light limit lin list litr littl liv load local lodg log
    long look lorry los loss lower m man manager march mark market mayor mean measur median member meridian metr mil millimetr million
    minimum minister ministry minut miss model monday money month morn mov municipality nam national need neighbour new news newspaper
    night nin nineteen ninety noon north not november number nurs observer october offic officer official old open operation operator
    order ordinary owner paper part party pass patient pay payment peak peopl percent permit person pictur plac plan point polic port
    post power president press pric promis public pull quarter question rain ran rat reach read receiv reckon record recover region
    register releas remain report reporter rescu rest result return right ring ris river road roof room round row rul run s safety sal
    sat saturday sav saw school sea seat second secretary see seen sell sent september servic set seven shar sheet short shortly shot
    show shown shut sid sign singl sit six sixty siz sleep slept small soldier soup sourc speak spend spent spokesman spring squar st
    staff stand start stat station stay step stood stop street strik struck study sum summer sunday survey talk tax team telephon ten
    test th thank that third thirty thirty-eight thousand thre thursday tim today tonn top total town trad train treasurer treat tuesday
    turn twelv twenty twic two union unit university use usual valley valu villag visit volunteer vot wait walk wall want watch water
    way weather wednesday week weekend whisper win wir woman word work worst worth writ written year year-old
    """)
)
