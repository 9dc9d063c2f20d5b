"""Stems of words that stand in reports on whatever event, written by scripts/train_matching.py from the clusters.

They tell nothing of two articles that share them. In a corpus of two events no counting could show that "people" is such a word.
"""

from noisefilter.reliability.vocabulary import words

EVERYDAY = frozenset(
    words("""
    abroad account across add admit affect afternoon age ago agre ahead aid air aircraft aliv allow alon along ambulanc amount analyst
    announc annual answer apart appeal april area arm army arriv ask association attack august authority autumn averag bad badly bank
    bar becom bed begin behind believ belong besid best better big bill billion biscuit bit blanket blast blood board boat body book
    boss bottom bought boy branch bread break bridg bring brok broken brought budget build builder built burn burst bus business buy
    call capital car carri carry cas cash cent centr certain chamber chang charg check chief child city civilian claim clear climb
    clinic clos coast cold collaps collect com command company compar complet concern condition confirm contractor control cool cost
    council count country county cours court cover crack crash crew critical crown cubic current cut daily damag danger dark dat data
    day dead deal dear death december declar defenc degre delay deliver demand depth deputy design die director district doctor dog
    dollar door doubl dozen draw drink driv driven driver dron drop drov dwell earlier early easter eight eighteen eleven emergency
    employ employe empty end engin engineer enough error estimat euro even everyth examin examination exchang executiv expect expert
    explosion fail fall family fan far fear february federation feet felt fewer field fifth fifty figur fil fill fin final financ
    financial find finish fir firefighter firm first fish fiv flat fleet floor flow follow food foot forc foreign former forty forty-on
    four fourteen fourth fre friday friend front fuel full gain gat gaug gav general girl giv going good government ground group grow
    growth half hall hand happen harbour head health hear heard heat heavy hectar height help high higher highest history hit hold hom
    hop hospital hot hour hous household hundr hurt incident includ incom increas inhabitant injur insid insider inspection inspector
    institut interval interview investigator island issu it january job joint jona july jump jun keep kept kill kilo kilometr kind km
    know known laid land largest last lat law lead leader leav lent let letter level lie lif lift light limit lin link list litr littl
    liv load local lodg log long longer longest look lorry los loss lot low lower ly lying m machin main man manag manager march mark
    market marsh matter mayor mean measur median meet member meridian met metr middl mil mill millimetr million minimum minister
    ministry minut miss model moment monday money monster month morn mother mov municipality nam national need neighbour network new
    news newspaper night nin nineteen ninety ninety-six noon normal north northern not november number nurs observer october offer offic
    officer official old one open operation operator order ordinary owner pag paper park parliament part party pass passenger patient
    pay payment peak peopl percent permit person petra pictur plac plan point polic port post power present president press previous
    pric promis public publish pull pump quarter quay question queu rain ran rang rat reach read reader receiv reckon record recover
    region register releas remain rent report reporter rescu research reserv rest result return right ring ris river road roof room
    round row rul run s safety sal sampl sat saturday sav saw school sea season seat second secretary see seen sell send sent september
    servic set seven shar sheet shop short shortly shot show shown shut sick sid sign simply singl sit six sixty siz sleep slept small
    soldier soul soup sourc speak spend spent spoken spokesman spring squar st staff stand start stat station stay steel step stood stop
    stor straight street strik struck student study sum summer sunday survey surviv talk tax team telephon ten test th thank that think
    third thirty thirty-eight thousand thre thursday ticket tim today toll tonn top tor total town trad train treasurer treat trust
    tuesday turn twelv twenty twenty-thre twic two typ union unit university upper use usual valley valu vehicl villag visit volunteer
    vot wag wait walk wall want war watch water way weather wednesday week weekend wept wet whisper win wir withdrawn woman word work
    world wors worst worth wound writ written year year-old yesterday
    """)
)
