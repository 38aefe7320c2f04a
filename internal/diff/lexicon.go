package diff

// The word lists of the rules. They are small on purpose: what they do not know
// is left to the model.
var (
	negations = set(`not no never none nothing nobody neither nor without cannot can't won't don't doesn't didn't isn't aren't
		wasn't weren't hasn't haven't hadn't shouldn't wouldn't couldn't refuse refuses refused reject rejects rejected deny denies denied`)
	// auxiliaries place what is said in time, or say how certain or binding it is.
	auxiliaries = set(`will would shall should may might can could must ought has have had is are was were been being be
		continue continues continued continuing plan plans planned intend intends intended expect expects expected begin begins began
		start started seek seeks aim aims try trying propose proposes proposed potential potentially`)
	modals = set(`will would shall should may might can could must ought continue continues continued plan plans planned intend intends intended
		expect expects expected seek seeks aim aims propose proposes proposed`)
	// hedges tell how exact a figure or how certain a claim is.
	hedges = set(`about approximately nearly almost roughly around over under least most up more than less fewer some estimated close near
		probably likely reportedly allegedly apparently perhaps possibly maybe thought seems appears virtually`)
	// hedgesAlone are hedges wherever they stand; the others only before a figure.
	hedgesAlone = set(`approximately nearly almost roughly probably likely reportedly allegedly apparently perhaps possibly maybe thought seems appears`)
	// strengths raise or lower a claim.
	strengths = set(`historic powerful strong stronger strongly strongest deep deeply overwhelming overwhelmingly literally unprecedented landmark
		record best largest greatest biggest highest lowest worst equal equally fair fairly very extremely dramatic dramatically
		significant significantly major serious seriously grave gravely critical vital essential important massive huge dire horrific heinous
		condemn condemns condemned concern concerned deplore deplores urge urges demand demands call calls strongly firmly fully completely
		totally absolutely merely slightly modest modestly bold transformational transformative monumental toothless radical
		failed successful successfully fastest first-ever robust ironclad unwavering steadfast`)
	// grades rate a thing where one of them, or of strengths, stands for another.
	grades = set(`solid moderate modest limited weak weaker subdued robust sluggish elevated mild sharp gradual rapid slow steady soft broad broadly narrow slight
		small large high low higher lower good bad poor adequate sufficient insufficient substantial considerable close constructive frank cordial productive
		fruitful necessary possible desirable urgent important welcome regrettable unacceptable tense difficult challenging stable fragile severe acute tight loose
		disappointing outrageous shameful troubling alarming unfortunate deplorable appalling shocking reckless dangerous irresponsible brutal barbaric cruel unjust unjustified`)
	// settled and considered are stems of verbs for what has been decided, and for
	// what is talked about.
	settled = stems(`agree decide sign adopt approve ratify conclude finalise finalize commit pledge confirm accept endorse authorise authorize order launch establish
		enact grant resolve`)
	considered = stems(`discuss consider examine explore study review weigh propose assess evaluate debate contemplate draft negotiate mull`)
	// sameHedge gives of hedges that mean the same one for all.
	sameHedge = map[string]string{"over": "more", "above": "more", "exceeding": "more", "approximately": "about", "roughly": "about", "around": "about", "some": "about",
		"almost": "nearly", "virtually": "nearly", "close": "nearly", "fewer": "less", "under": "less"}
	// limits say how much of something is meant.
	limits = set(`only all every each any none most solely exclusively mainly partly partially jointly unilaterally temporarily permanently indefinitely immediately
		unconditional unconditionally conditional domestic foreign certain`)
	// times place an event, besides the dates and months that are tokens of their own.
	times = set(`today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday week weeks month months year years
		day days hour hours morning afternoon evening night decade decades century quarter spring summer autumn winter earlier later
		ago since until till before after recently soon now annual annually weekly monthly daily january february march april may june july august
		september october november december`)
	// numerals are number words; their values are in numeral.
	numerals = map[string]float64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
		"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1e3,
		"million": 1e6, "billion": 1e9, "trillion": 1e12, "half": 0.5, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
		"eighth": 8, "ninth": 9, "tenth": 10, "dozen": 12, "once": 1, "twice": 2, "double": 2, "triple": 3, "single": 1}
	scales = map[string]float64{"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "hundred": 100, "mn": 1e6, "bn": 1e9,
		"тыс": 1e3, "тысяч": 1e3, "млн": 1e6, "миллион": 1e6, "миллиона": 1e6, "миллионов": 1e6, "млрд": 1e9, "миллиард": 1e9, "миллиарда": 1e9, "миллиардов": 1e9,
		"трлн": 1e12, "mio": 1e6, "mrd": 1e9, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "millions": 1e6, "milliard": 1e9, "milliards": 1e9,
		"мільйон": 1e6, "мільйонів": 1e6, "мільярд": 1e9, "мільярдів": 1e9, "millones": 1e6, "millón": 1e6, "milioni": 1e6, "miliardi": 1e9, "milhões": 1e6,
		"bilhões": 1e9, "milyon": 1e6, "milyar": 1e9}

	// foreign are words that name other countries, their people and the bodies
	// they meet in: a change beside them is more often worth an alert.
	foreign = set(`afghanistan afghan albania albanian algeria algerian angola angolan argentina argentine armenia armenian australia australian austria austrian
		azerbaijan azerbaijani bahrain bahraini bangladesh bangladeshi belarus belarusian belgium belgian bolivia bosnia botswana brazil brazilian britain british
		bulgaria bulgarian burma burmese cambodia cambodian cameroon canada canadian chad chile chilean china chinese beijing colombia colombian congo croatia
		croatian cuba cuban cyprus cypriot czech czechia denmark danish ecuador egypt egyptian eritrea estonia estonian ethiopia ethiopian finland finnish france
		french gabon georgian germany german ghana greece greek guatemala guinea haiti haitian honduras hungary hungarian iceland india indian indonesia
		indonesian iran iranian tehran iraq iraqi ireland irish israel israeli italy italian jamaica japan japanese tokyo jordan jordanian kazakhstan kazakh kenya
		kenyan kosovo kuwait kuwaiti kyrgyzstan laos latvia latvian lebanon lebanese liberia libya libyan lithuania lithuanian luxembourg madagascar malawi
		malaysia malaysian mali malta mauritania mexico mexican moldova moldovan mongolia mongolian montenegro morocco moroccan mozambique myanmar namibia nauru
		nepal netherlands dutch nicaragua niger nigeria nigerian norway norwegian oman pakistan pakistani palau palestine palestinian panama paraguay peru
		philippines philippine poland polish portugal portuguese qatar qatari romania romanian russia russian moscow kremlin putin rwanda saudi senegal serbia
		serbian singapore slovakia slovak slovenia somalia somali korea korean rok dprk pyongyang seoul spain spanish sudan sudanese sweden swedish switzerland
		swiss syria syrian taiwan tajikistan tanzania thailand thai tonga tunisia tunisian turkey turkish türkiye turkmenistan tuvalu uganda ukraine ukrainian
		kyiv zelenskyy emirates uae uruguay uzbekistan venezuela venezuelan vietnam vietnamese yemen yemeni houthi houthis zambia zimbabwe gaza hamas hezbollah
		eu european europe nato asean oecd wto imf icc iaea g7 g20 un quad aukus brics opec prc hawk gavi africa african pacific
		india's salvador yoon modi netanyahu xi bin salman crown
		berlin paris london brussels warsaw rome madrid vienna budapest bucharest athens ankara baku yerevan tbilisi minsk chisinau belgrade pristina sarajevo
		jerusalem ramallah amman beirut damascus baghdad riyadh doha abu dhabi muscat sanaa cairo tripoli tunis algiers rabat khartoum addis ababa mogadishu nairobi
		abuja niamey bamako ouagadougou dakar kinshasa kigali pretoria delhi islamabad kabul dhaka colombo kathmandu hanoi bangkok jakarta manila naypyidaw phnom penh
		taipei canberra wellington ottawa brasilia bogota caracas havana astana tashkent bishkek dushanbe ashgabat geneva hague crimea donbas kosovo karabakh xinjiang
		tibet taliban hague`)
	// security are words of war, sanctions, trade and treaties.
	security = set(`military missile missiles weapon weapons weaponry drone drones nuclear sanction sanctions sanctioned tariff tariffs treaty treaties troops war
		ceasefire truce attack attacks strike strikes invasion invaded aggression alliance allies ally defense defence forces army navy hostage hostages
		terrorism terrorist export exports import imports embargo annex annexation disarmament proliferation declaration summit bilateral multilateral
		commitment commitments refugee refugees border peace security diplomatic ambassador embassy quota prosecutor tanks artillery ammunition atacms
		aircraft jets bomber bombers fighter soldiers casualties battalion brigade frigate submarine deployment deployed base territory occupied occupation
		annexed settlements genocide sovereignty independence recognise recognize recognised recognized recognition consulate two-state
		injunction injunctions injunctive rescission loan guarantee guarantees pledge pledges withdraw withdrawal partners countries nations international`)

	// graveWords are those of which any change of scope or figure is worth a look.
	graveWords = set(`sanction sanctions sanctioned ceasefire truce troops missile missiles weapon weapons nuclear embargo treaty invasion
		deployed deployment export exports hostages annexed annexation`)

	// countries whose names differ by a letter or two from another's.
	pairsOfNames = []map[string]struct{}{
		set("iran iraq"), set("iranian iraqi"), set("niger nigeria"), set("austria australia"), set("austrian australian"), set("slovakia slovenia"), set("mali malawi malta"),
		set("north south east west"), set("northern southern eastern western"), set("million billion trillion"), set("guinea guyana"), set("gambia zambia"), set("libya syria"),
		set("tonga congo"), set("chad china"), set("oman yemen"), set("latvia lithuania"), set("india indonesia"), set("dominica dominican"),
	}
	// opposites a letter or two apart.
	opposites = []map[string]struct{}{
		set("now not"), set("can can't"), set("increase decrease"), set("increased decreased"), set("lawful unlawful"), set("legal illegal"), set("include exclude"),
		set("includes excludes"), set("import export"), set("imports exports"), set("internal external"), set("higher lower"), set("before after"), set("accept except"),
		set("united untied"), set("public private"), set("inside outside"), set("win lose"), set("more less"), set("all none"), set("and or"), set("for against"),
		set("should could"), set("would could"), set("may must"), set("he she"), set("his her"), set("today yesterday"),
	}
)

func stems(list string) map[string]struct{} {
	all := map[string]struct{}{}
	for w := range set(list) {
		all[stem(w)] = struct{}{}
	}
	return all
}

func has(set map[string]struct{}, word string) bool {
	_, is := set[word]
	return is
}

// numeralWords are the words of numerals.
var numeralWords = func() map[string]struct{} {
	words := map[string]struct{}{}
	for w := range numerals {
		words[w] = struct{}{}
	}
	return words
}()

// contractions hold a sentence together as the words do that they are made of.
var contractions = set(`we're it's i'm that's they're you're he's she's there's here's what's who's i've we've you've they've let's we'll i'll you'll he'll she'll
	they'll it'll i'd we'd you'd he'd she'd they'd uh um ah oh hmm well okay ok yeah`)

// offices are words that make an office another one.
var offices = set(`deputy vice former assistant associate interim acting ex co-chair undersecretary`)

// ranks do so in front of an office, written in capitals with it.
var ranks = set(`first second senior principal chief special permanent outgoing incoming honorary general`)

// honorifics come with a name and change neither it nor the office.
var honorifics = set(`mr mrs ms miss mx dr prof professor sir dame madam madame h.e he hon honourable honorable excellency highness majesty rt esq phd`)

// states are places that share an initial with many names of persons.
var states = set(`alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky
	louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah
	vermont virginia washington wisconsin wyoming`)

// directions are what stenographers note in brackets.
var directions = set(`laughter applause inaudible crosstalk sic ph cheers pause laughs crowd audience boo boos chants off-mic speaks spoken begins ends playing plays video`)
