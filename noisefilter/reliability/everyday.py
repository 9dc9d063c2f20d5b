"""Stems of words that stand in reports on whatever event, written by scripts/train_matching.py from the clusters.

They tell nothing of two articles that share them. In a corpus of two events no counting could show that "people" is such a word.
"""

from noisefilter.reliability.vocabulary import words

EVERYDAY = frozenset(
    words("""
    abroad account across add admit affect afternoon age ago agre aid air aliv allow alon along amount analyst announc annual answer
    appeal april area arm army arriv ask association attack august authority autumn averag bad bank becom bed begin behind believ belong
    best better big bill billion biscuit bit blanket board book boss bottom boy branch bread break bridg bring brok broken brought
    budget build built burst business buy call capital car carri carry cas cash cent chamber chang charg check chief child city civilian
    claim clear clos coast collaps collect com company compar complet concern confirm contractor control cost council count country
    county cours cover crack crash crew crown cubic current cut daily damag dark dat day dead deal dear death degre delay demand deputy
    design die director district doctor dog dollar door doubl dozen draw drink driv driver dron drop earlier easter eight eighteen
    eleven emergency employ employe end engin engineer enough estimat euro even exchang executiv expect expert fail fall family fan far
    february federation feet fewer field fifth fifty figur fil fill fin final financ financial find finish fir firefighter firm first
    fish fiv flat floor flow follow foot forc foreign former forty forty-on four fourteen fourth fre friday friend front fuel full gain
    gat gaug gav general giv going good government ground group grow growth half hall hand happen harbour head health hear heard heavy
    hectar height help high highest hit hold hom hop hospital hour hous household hundr hurt incident includ increas injur insid insider
    inspection inspector institut interval investigator issu it january job joint jona july jump jun keep kept kill kilometr kind km
    know laid land largest last lat law lead leader leav lent let letter level lie lif lift light limit lin list litr littl liv load
    local lodg log long longer longest look lorry los loss low lower ly m machin man manager march mark market mayor mean measur median
    meet member meridian metr middl mil millimetr million minimum minister ministry minut miss model monday money monster month morn
    mother mov municipality nam national need neighbour network new news newspaper night nin nineteen ninety noon normal north not
    november number nurs observer october offer offic officer official old open operation operator order ordinary owner paper park
    parliament part party pass patient pay payment peak peopl percent permit person pictur plac plan point polic port post power
    president press previous pric promis public pull quarter question rain ran rat reach read receiv reckon record recover region
    register releas remain report reporter rescu research rest result return right ring ris river road roof room round row rul run s
    safety sal sat saturday sav saw school sea season seat second secretary see seen sell send sent september servic set seven shar
    sheet shop short shortly shot show shown shut sid sign singl sit six sixty siz sleep slept small soldier soup sourc speak spend
    spent spokesman spring squar st staff stand start stat station stay steel step stood stop street strik struck study sum summer
    sunday survey surviv talk tax team telephon ten test th thank that third thirty thirty-eight thousand thre thursday ticket tim today
    toll tonn top tor total town trad train treasurer treat tuesday turn twelv twenty twic two union unit university upper use usual
    valley valu vehicl villag visit volunteer vot wag wait walk wall want watch water way weather wednesday week weekend whisper win wir
    withdrawn woman word work world wors worst worth wound writ written year year-old yesterday
    """)
)
