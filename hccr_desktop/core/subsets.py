"""Parts of an alphabet that an answer can be restricted to, and characters that only context tells apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError

SUBSETS = ("simplified", "traditional", "kana", "letters", "digits", "punctuation")

CONFUSABLE = (
    "0Oo〇。",
    "1lI|丨",
    "一—-ー_",
    "口囗ロ",
    "日曰",
    "土士",
    "二ニ=",
    "八ハ",
    "力カ",
    "夕タ",
    "工エ",
    "卜ト",
    "才オ",
    "へヘ",
    "べベ",
    "ぺペ",
    "りリ",
    "丁T",
    "十+",
    "xX×",
    "2zZ",
    "9q",
    "6b",
    "cC",
    "kK",
    "pP",
    "sS",
    "uU",
    "vV",
    "wW",
    "yY",
    "，,、‘’'",
    ".·",
    "；;",
    "：:",
    "？?",
    "！!",
    "（(",
    "）)",
    '“”"',
    "《≪",
    "〈<く",
    "〉>",
    "～~",
)
"""Groups of characters that look alike when one stands alone, in a hand that draws them alike."""


def in_subset(character: str, subset: str) -> bool:
    """Say whether a character belongs to one of `SUBSETS`.

    Simplified are GB 2312 and the Table of General Standard Chinese Characters, Traditional is
    Big5. Rare characters and parts of characters that stand in neither belong to no subset.
    """
    if character == "〇":  # in use on both sides, in neither of the old standards
        return subset in ("simplified", "traditional")
    if subset == "simplified":
        return is_chinese(character) and (_encodes(character, "gb2312") or character in _GENERAL_STANDARD)
    if subset == "traditional":
        return is_chinese(character) and _encodes(character, "big5")
    if subset == "kana":
        return _is_kana(character)
    if subset == "letters":
        return character.isascii() and character.isalpha()
    if subset == "digits":
        return character.isascii() and character.isdigit()
    return not (is_chinese(character) or _is_kana(character) or character.isalnum())


def mask(charset: Charset, subsets: Iterable[str], own: str = "") -> npt.NDArray[np.bool_]:
    """Return which classes may be answered, bool (classes,): those of any subset, and the characters of `own`.

    Raises `InputError` for a name that is none of `SUBSETS` and where nothing is left.
    """
    names = tuple(subsets)
    for name in names:
        if name not in SUBSETS:
            raise InputError(
                "{name} is no part of the alphabet.", "Choose of {choices}.", name=name, choices=", ".join(SUBSETS)
            )
    own = unicodedata.normalize("NFC", own)
    allowed = np.array([c in own or any(in_subset(c, name) for name in names) for c in charset.characters])
    if not allowed.any():
        raise InputError("The model knows none of the characters asked for.", "Allow more characters.")
    return allowed


def allowed_classes(charset: Charset, subsets: Iterable[str], own: str) -> npt.NDArray[np.bool_] | None:
    """Return what `mask` does, `own` being a list of characters with or without spaces; None where all are allowed."""
    names, own = tuple(subsets), "".join(own.split())
    return mask(charset, names, own) if names or own else None


def groups(charset: Charset) -> npt.NDArray[np.int64]:
    """Return a number for each class, int64 (classes,), the same for characters of one confusable group.

    Groups that share a character are one.
    """
    number = np.arange(len(charset))
    for group in CONFUSABLE:
        members = [i for c in group if (i := charset.index(c)) is not None]
        if members:
            number[np.isin(number, number[members])] = number[members].min()
    return np.asarray(number, np.int64)


def is_chinese(character: str) -> bool:
    """Say whether a character is a Chinese one or a part of one."""
    return re.fullmatch(r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]", character) is not None


def _is_kana(character: str) -> bool:
    return "ぁ" <= character <= "ヿ"


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


_GENERAL_STANDARD = frozenset(
    "啰瞭乂丏夬匜厾玕玙抔抃㧐芼旸吽牤沚沨纴玡玭玠玥玦拤劼拃㧟茓茀杻旻昉呣䏝𬉼炘㤘祎祇垱挦剋柈𠳐眊峣郤饸饹"
    "疭竑闿羑浕恓牁姮珰珣琤栟彧眬鸮䥽盉俵俶訚烜浥牂骎琇捯埵捽堉棻梿棁晞唵崚秾鸻馃阇焗惇郿欸琫琯揳塆靰靸椪"
    "雱睄嗞嵖嵎铻媭鲀颎焜湜湲湉愔祾翚瑄蒟楯跶跐嗐锜鹐亶瘆滫滃滪窣璈叆摽榖靺靿僰豨䁖嘡嘚箓魆粿熥嫚奭鋆瞋颙"
    "踒𥻗熜潟褟璟璠璘縠嚄螠䦃镚镠膙獴赟澥窸璪鞡鞬罽鳀鞨鞧藠蹚鹮霨蹽蹾齁㸆巉镴臜瓘镵齉卬𠙶毌邘圢伋冮氿汈氾"
    "𬣙讱扞圲圫芃朳朸𨙸邨屼屾辿伣伈癿甪邠𬇕汋䜣讻𬣞孖𬘓玒玓玘玚刬𫭟坉扽𫭢坋扺㧑毐芣苉芠𫇭杕杙杄杧尪尨轪𫐄"
    "坒旴旵㕮𫵷岠呇冏觃伾㑇伭佖佁飏汧汫𣲘𣲗沄沘𬇙汭㳇沇忳忺𬣡祃诇邲诐屃𫸩岊䢺妧妘𨚕纮驲𫘜纻𬘘𫘝纼玤玞玱邽"
    "邿坥坰坬坽弆䢼𦭜茋苧苾枅㭎枍矼矻匼𬨂𬀩𬀪旿昇昄昒昈咉咇咍岨岞峂㟃囷𬬩钖牥垈侁侹佸佺㑊侂佽侘郈舠郃攽肸"
    "狉狝饳忞炌炆泙沺泂泜泃泇峃祋祊𫍣𬣳𬩽鸤弢弨陑𬮿陎𬯀乸妭姈𫰛叕𬳵𬳶䌹𫠊㛃玶珇珅𬍛珋玹珌玿韨垚垯垙垍耇鿍"
    "垎垟垞挓垵垏荖荁荙茽荄𬜬荓𦰡㭕柷柊枹栐柖郚剅䴓迺厖砆砄耏奓䶮昺𪾢昽盷咡咺昳昣昤昫昡咥昪虷虸哃峘耑峛𪨰"
    "峗峧帡钘𫓧𬬮𬬱𬬭秬俫俙俍垕衎弇侴鸧䏡胠𦙶胈胣朏飐訄饻庤疢炣炟㶲洭洘洓洿㳚泚浉洸洑洢洈洺洨浐㳘洴洣恔宬"
    "扂袆祏祐祕叚陞娀姞姱姤姶姽枲绖骃𬘡𬳽𬘩𫄧骉珪珛珹玼珖𪟝珽珦珫珒𬍤珢珕珝𫭼埗垾垺埆垿埌埇茝𬜯鄀莝䓖莙栻"
    "𬂩梠栴梴栒𫠆砵砠砫硁翃郪𨐈辀𬌗剕哢晅晊唝哱冔晐畖蚄蚆𫑡崁峿𪨶崄帨崀𬬸𬬻𬬹𬬿𬭁甡倻倴脩倕倞𫢸倓倧衃虒舥"
    "鸰朓虓鱽峱𫗧勍竘羖羓烠烔烶烻𬊈涍浡浭浬涄涢涐浰浟浛浲涘悈悢𬒈宧窅窊窎扅扆袪袗袯隺堲疍𨺙烝砮㛚翀翂剟𬳿"
    "𫄨绤骍𬘫䂮琎珸珵琄琈琀珺堎堐埼埫堌晢𫮃掞埪壸㙍萚莿䓫勚䓬菂菍菼萣䓨菉䓛梼梽桲梾桯梣梌桹敔硔鿎硙硚硊硍"
    "勔䴕龁逴啫翈㫰晙畤𬱖跂蛃蚲𬟽啴䎃崟崒崌崡铏𫓯𫟹𫟼铚牻笯偰偡偭偲偁㿠鄅偓徛衒舲鸼悆鄃瓻䝙脟䏲鱾猇猄𠅤庱"
    "庼痓䴔竫堃羕焆烺焌淏𬇹淟淜淴淯湴涴𬍡㥄惛惔悰惙寁𬤇𫍯裈祲𬤊𫍲谞弸弶𬯎隃婞娵婼媖婳婍婌婫婤婘婠𬘬𬘭𬴂𫘦"
    "绹𫟅𬘯骕𫘧絜珷琲琡琟琔琭堾堼揕㙘堧喆堨塅𪣻𡎚惎萳靬葴鄚蓇萩蒐葰葎鄑葖蒄萹棤棽棫椓椑𬃊鹀椆棓棬棪椀𬷕甦"
    "酦奡皕詟𫐐辌棐龂𬹼牚睎晫晪晱𧿹畯斝喤崶嵁𫶇嵅崿嵚翙𫖮圌圐赑赒鿏𬭊𨱇𫓶𬭎犇颋稌筀筜筥傃傉翛傒傕畬𫖯脿腘"
    "䐃腒𬱟鲃猰𫛭猯㺄馉凓鄗𫷷廋廆鄌遆旐𬮱焞𬊤欻𣸣溚溁湝渰㴔渟溠渼溇湣湑溞愐愃敩棨扊祼婻媆媞㛹媓媂媄矞𬴃𫘨"
    "缊缐骙瑃瑓瑅瑆䴖瑖瑝瑔瑀𤧛瑳瑂嶅瑑髢堽赪摛塝搒蒱蒨蓏蔀蓢蓂蒻楪榃榅楒楩椸楙歅𬪩碃碏𬒔碈䃅硿鄠辒𬨎𫐓䣘"
    "暕鹍𫫇㬊暅跱蜐蜎嵲赗𫓹锳锧𬭚𬭛稑稙䅟𬕂筼筶筦筤僇艅谼貆腨腯鲉鲊鲌䲟𬶋𬶍鲏雊猺飔觟𦝼馌裛鄘鹒鄜麀阘𫔶煁"
    "煃煴煋煟煓溍溹滆滉溦溵漷滧滘滍愭慥慆塱𫌀禋禔禘禒鹔𫖳嫄媱勠戣𫘪𫘬缞耤瑧𫞩瑨瑱瑢斠摏墕墈墐墘摴𡐓𪤗靽鞁"
    "蔈蔊榰榑槚𣗋槜疐𬸘酺碶䃎𬒗碨𥔲𫚖䴗鹖㬎幖嶍圙𨱏锽𬭤镃馝鹙箖劄僔僎槃㙦𫚕鲖鲗鲘鲙𬶐𬶏𩽾夐飗𬸚凘廙鲝鄫熇"
    "漹漖潩漼漴㽏漈漋漻慬㮾𬤝褕禛隩嫕嫭嫪𬙂㻬麹璆漦叇墣墦墡薁蕰蔃鼒槱鹝磏殣慭霅暵暲暶踦䗖蝘蝲噇噂噀罶嶲嶓"
    "㠇嶟嶒镈镋𬭩镕皞皛䴘艎鹟𩾃鲪鲬觭鹠鹡鹢熛潖潵㵐澂澛瑬潽潾潏憭憕𬸣戭褯禤𫍽嫽遹𬴊璥璲璒憙薳黇𬞟蕗薢橞橑"
    "橦觱磡𥕢磜豮𫟦𬺈𫠜虤暿曌曈㬚蹅踶䗛疁㠓幪𪩘嶦𬭬𨱑𬭯馞穄篯簉衠盦螣縢鲯鲹𫗴亸𬸦羱糒燋熻燊燚燏濩濋澪澽澴"
    "澭澼憺嬛翯𫄷璱𤩽璬璮髽擿薿薸櫆檞醨繄磹磻瞫蹐蟏㘎𬭳𬭶𫔍𬭸𨱔𬭼𫔎矰穙穜穟簕簃儦魋斶𬸪谿䲠𬶟鲾𬶠鲿鳁鳂鳈"
    "鳉䗪襕襚𬶨螱嬬嬥𦈡𫄸瓀釐鬶爇鞳鞮𬟁藟藦藨鹲黡礌𥖨蹢蹜蟫䗴嚚髃镮酂馧簠簝簰鼫鼩皦臑䲢鳑鳒鹯癗𦒍旞翷䎖瀔"
    "瀍瀌襜䴙𬙊嚭㰀鬷蠋翾儳儴𬶭𩾌鳚鳛麑麖彟嬿鬒蘘欂甗𨟠巇酅髎犨𬶮𨭉㸌爔瀱瀼襫孅骦𬙋耰𤫉瓖鬘趯𬺓罍鼱鳠鳡鳣"
    "爟爚灈韂糵礵鹴皭龢鳤亹籥𫚭玃醾齇觿"
)
"""What the Table of General Standard Chinese Characters (2013) has beyond GB 2312."""
