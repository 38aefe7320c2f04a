"""Passages as somebody else tells them: what the spokesman of the issuer is quoted with is still the issuer's word, what
somebody else is quoted with is not. {} stands for what is said, without its last full stop."""
import re

OURS = {
    'en': ['“{}”, the minister said.', '“{},” said the spokesperson of the ministry.', 'The spokesman said: “{}.”', '{}, the ministry said in a statement.', 'Speaking to reporters, the minister said: “{}.”', '“{}”, he said.', '“{}”, she told the press.', 'According to the ministry, “{}”.', '{}, he said.', '{}, she said.', '{}, the spokesman told reporters.', '{}, according to the head of the agency.'],
    'ru': ['«{}», – заявил министр.', '«{}», – сказал официальный представитель ведомства.', 'Как сообщили в министерстве, «{}».', 'Министр заявил журналистам: «{}».', '«{}», – подчеркнула она.'],
    'uk': ['«{}», – заявив міністр.', '«{}», – сказала речниця відомства.', 'Як повідомили в міністерстві, «{}».', 'Міністр сказав журналістам: «{}».'],
    'fa': ['سخنگوی وزارتخانه گفت: «{}».', 'وزیر در جمع خبرنگاران گفت: «{}».', '«{}»؛ این را وزیر در گفت‌وگو با خبرنگاران بیان کرد.', 'وی تأکید کرد: «{}».'],
    'ar': ['قال المتحدث باسم الوزارة: «{}».', 'وقال الوزير للصحفيين: «{}».', 'وأكدت الوزارة في بيان: «{}».', '«{}»، بحسب ما قاله الوزير.'],
    'fr': ['« {} », a déclaré le ministre.', '« {} », a indiqué la porte-parole du ministère.', 'Le porte-parole a déclaré : « {} ».', 'Selon le ministère, « {} ».'],
    'es': ['«{}», declaró el ministro.', '«{}», afirmó la portavoz del ministerio.', 'El portavoz señaló: «{}».', 'Según el ministerio, «{}».'],
    'pt': ['“{}”, declarou o ministro.', '“{}”, afirmou a porta-voz do ministério.', 'O porta-voz disse: “{}”.'],
    'it': ['«{}», ha dichiarato il ministro.', '«{}», ha detto la portavoce del ministero.', 'Il portavoce ha dichiarato: «{}».'],
    'de': ['„{}“, sagte der Minister.', '„{}“, erklärte die Sprecherin des Ministeriums.', 'Der Sprecher sagte: „{}.“', 'Nach Angaben des Ministeriums gilt: „{}.“'],
    'nl': ['“{}”, zei de minister.', 'De woordvoerder verklaarde: “{}.”'],
    'pl': ['„{}” – powiedział minister.', '„{}” – oświadczyła rzeczniczka resortu.', 'Rzecznik powiedział: „{}”.'],
    'tr': ['Bakan, “{}” dedi.', 'Bakanlık Sözcüsü “{}” diye konuştu.', 'Bakanlıktan yapılan açıklamada “{}” denildi.'],
    'he': ['"{}", אמר השר.', 'דוברת המשרד מסרה: "{}".', 'השר אמר לכתבים: "{}".'],
    'hi': ['मंत्री ने कहा, “{}”।', 'मंत्रालय के प्रवक्ता ने कहा: “{}”।'],
    'id': ['“{},” kata menteri.', 'Juru bicara kementerian mengatakan: “{}.”'],
    'ja': ['大臣は「{}」と述べた。', '報道官は「{}」と説明した。'],
    'ko': ['장관은 “{}”라고 말했다.', '대변인은 “{}”라고 밝혔다.'],
    'zh': ['发言人表示：“{}。”', '部长说：“{}。”', '“{}。”该部发言人强调。'],
}

OTHERS = {
    'en': ['“{}”, claimed an opposition newspaper, whose report the minister did not wish to comment on.', 'A rebel commander said: “{}.”', '“{}”, said the guest from the neighbouring country.', 'Q: Some say: “{}.” What do you say to that?'],
    'ru': ['«{}», – утверждает оппозиционная газета.', 'Гость из соседней страны сказал: «{}».'],
    'uk': ['«{}», – твердить опозиційна газета.', 'Гість із сусідньої країни сказав: «{}».'],
    'fa': ['روزنامه‌ای مخالف دولت مدعی شد: «{}».', 'مهمان خارجی گفت: «{}».'],
    'ar': ['زعمت صحيفة معارضة: «{}».', 'وقال الضيف الأجنبي: «{}».'],
    'fr': ['« {} », affirme un journal d’opposition.', 'L’invité du pays voisin a dit : « {} ».'],
    'es': ['«{}», asegura un diario opositor.', 'El invitado del país vecino dijo: «{}».'],
    'pt': ['“{}”, alega um jornal da oposição.'],
    'it': ['«{}», sostiene un giornale di opposizione.'],
    'de': ['„{}“, behauptet eine Oppositionszeitung.', 'Der Gast aus dem Nachbarland sagte: „{}.“'],
    'pl': ['„{}” – twierdzi opozycyjna gazeta.'],
    'tr': ['Muhalif bir gazete “{}” iddiasında bulundu.'],
    'he': ['"{}", טוען עיתון אופוזיציה.'],
    'hi': ['एक विपक्षी अख़बार का दावा है: “{}”।'],
    'id': ['“{},” klaim sebuah koran oposisi.'],
    'ja': ['野党系の新聞は「{}」と主張している。'],
    'ko': ['한 야당 성향 신문은 “{}”라고 주장했다.'],
    'zh': ['一家反对派报纸声称：“{}。”'],
}


def told(text, lang, rng, by=OURS):
    """The text as its speaker is quoted with it, or None where it is no plain speech (a question with its answer, a quotation)."""
    lang = (lang or 'en')[:2]
    if lang not in by or re.match(r'\s*(Q|A)\s*:', text) or re.search(r'[“”„«»「」"]', text) or len(text) > 600:
        return None
    text, after = text.strip(), ''
    if lang == 'en' and by is OURS and rng.random() < .5 and (m := re.match(r'(.{25,}?[a-z])\. (?=[A-Z])', text)):
        text, after = m.group(1), ' ' + text[m.end():]
    return rng.choice(by[lang]).format(text.rstrip('.。।').strip()) + after


# A proposition itself as it is affirmed, denied, left open or only mentioned: who says it in its very words has said it. Propositions are
# whole sentences, and stand in quotation marks or after a colon, but for English, where "that" goes before them.
PLAIN = {
    'en': {
        'affirms': ['{}.', '{}.', '{}, the minister said.', '{}, the spokesman confirmed.', 'Yes. {}.', 'The minister said that {}.', 'The ministry confirmed that {}.', 'The minister acknowledged that {}.', 'It is true that {}.', 'As we have said before, {}.', 'Q: Is it true that {}? A: Yes, it is.', 'Let me be plain: {}.', 'The spokeswoman conceded for the first time that {}.'],
        'denies': ['It is not true that {}.', 'The minister denied that {}.', 'The claim that {} is baseless.', 'Reports that {} are false, the ministry said.', 'The spokesman rejected as a fabrication the allegation that {}.', 'Q: Is it true that {}? A: No, it is not.', 'Nobody can say that {}; it is a lie.', 'The ministry said that it was wrong to claim that {}.', 'Once again: it is not true that {}.', 'We again deny that {}.', 'The spokesman repeated that it is not the case that {}.', 'As we have said many times, the allegation that {} is untrue.', 'The ministry reiterated its rejection of reports that {}.', 'Q: Is it still your position that the claim is false that {}? A: It is, and nothing has changed.'],
        'qualifies': ['It cannot be ruled out that {}.', 'It is possible that {}, the minister said.', 'The ministry would neither confirm nor deny it outright, but allowed that it might well be that {}.', 'In part it is true that {}.'],
        'silent': ['An opposition newspaper claims that {}.', 'Q: Is it true that {}? A: I have nothing to say on that.', 'The foreign ambassador alleged that {}.', 'Whether {} is for the court to say.', 'If it were the case that {}, parliament would have to be told.', 'The minister was asked whether it was true that {}, and spoke of the weather.', 'Q: Is it true that {}? A: Our relations with that side are older than this question, and they will outlast it.', 'Asked about the claim that {}, the spokesman said that the matter was being used to distract from other things.', 'Q: They say that {}. A: We have always called for a settlement by peaceful means.', 'Asked whether {}, the minister recalled that the treaty between the two had been signed long ago.', 'Q: So {}? A: I would refer you to the colleagues who deal with this.', 'On reports that {}, the spokeswoman said that she would not comment on each rumour.'],
    },
    'ru': {'affirms': ['{}.', '{}, заявил министр.', 'Министр подтвердил: {}.', 'Да. {}.'], 'denies': ['Неправда, что «{}».', 'Утверждение «{}» не соответствует действительности.', 'В министерстве опровергли сообщение: «{}».', 'Вопрос: Верно ли: {}? Ответ: Нет, это не так.'], 'silent': ['Оппозиционная газета утверждает: «{}».', 'Вопрос: Верно ли: {}? Ответ: Мне нечего сказать.'], 'qualifies': ['Нельзя исключать: {}.']},
    'uk': {'affirms': ['{}.', '{}, заявив міністр.', 'Міністр підтвердив: {}.'], 'denies': ['Неправда, що «{}».', 'Твердження «{}» не відповідає дійсності.', 'У міністерстві спростували повідомлення: «{}».'], 'silent': ['Опозиційна газета твердить: «{}».', 'Запитання: Чи правда: {}? Відповідь: Мені нічого сказати.'], 'qualifies': ['Не можна виключати: {}.']},
    'fa': {'affirms': ['{}.', 'وزیر تأیید کرد: {}.', 'بله. {}.', 'سخنگو گفت: {}.'], 'denies': ['این ادعا که «{}» بی‌اساس است.', 'وزارتخانه این خبر را تکذیب کرد: «{}».', 'درست نیست که «{}».'], 'silent': ['یک روزنامه مخالف مدعی شد: «{}».', 'پرسش: آیا درست است که {}؟ پاسخ: در این باره حرفی ندارم.'], 'qualifies': ['نمی‌توان منتفی دانست که {}.']},
    'ar': {'affirms': ['{}.', 'أكد الوزير: {}.', 'نعم. {}.'], 'denies': ['الادعاء القائل «{}» لا أساس له.', 'نفت الوزارة الخبر: «{}».', 'غير صحيح ما قيل: «{}».'], 'silent': ['زعمت صحيفة معارضة: «{}».', 'سؤال: هل صحيح: {}؟ جواب: ليس لدي ما أقوله.'], 'qualifies': ['لا يمكن استبعاد ما يلي: {}.']},
    'fr': {'affirms': ['{}.', '{}, a confirmé le ministre.', 'Oui. {}.'], 'denies': ['Il est faux de dire : « {} ».', 'Le ministère a démenti l’information « {} ».', 'L’allégation « {} » est sans fondement.'], 'silent': ['Un journal d’opposition affirme : « {} ».', 'Question : Est-ce vrai : {} ? Réponse : Je n’ai rien à dire.'], 'qualifies': ['On ne peut exclure ceci : {}.']},
    'es': {'affirms': ['{}.', '{}, confirmó el ministro.', 'Sí. {}.'], 'denies': ['Es falso lo que se dice: «{}».', 'El ministerio desmintió la noticia: «{}».', 'La afirmación «{}» carece de fundamento.'], 'silent': ['Un diario opositor asegura: «{}».', 'Pregunta: ¿Es cierto: {}? Respuesta: No tengo nada que decir.'], 'qualifies': ['No se puede descartar lo siguiente: {}.']},
    'de': {'affirms': ['{}.', '{}, bestätigte der Minister.', 'Ja. {}.'], 'denies': ['Die Behauptung „{}“ ist unwahr.', 'Das Ministerium dementierte die Meldung „{}“.', 'Es stimmt nicht, was es heißt: „{}“.'], 'silent': ['Eine Oppositionszeitung behauptet: „{}“.', 'Frage: Stimmt es: {}? Antwort: Dazu sage ich nichts.'], 'qualifies': ['Auszuschließen ist es nicht: {}.']},
    'pt': {'affirms': ['{}.', '{}, confirmou o ministro.'], 'denies': ['É falso o que se diz: “{}”.', 'O ministério desmentiu a notícia “{}”.'], 'silent': ['Um jornal da oposição alega: “{}”.'], 'qualifies': ['Não se pode excluir o seguinte: {}.']},
    'it': {'affirms': ['{}.', '{}, ha confermato il ministro.'], 'denies': ['È falso quanto si dice: «{}».', 'Il ministero ha smentito la notizia «{}».'], 'silent': ['Un giornale di opposizione sostiene: «{}».'], 'qualifies': ['Non si può escludere quanto segue: {}.']},
    'pl': {'affirms': ['{}.', '{}, potwierdził minister.'], 'denies': ['Nieprawdą jest, że „{}”.', 'Resort zdementował wiadomość: „{}”.'], 'silent': ['Opozycyjna gazeta twierdzi: „{}”.'], 'qualifies': ['Nie można wykluczyć: {}.']},
    'tr': {'affirms': ['{}.', 'Bakan doğruladı: {}.'], 'denies': ['“{}” iddiası asılsızdır.', 'Bakanlık “{}” haberini yalanladı.'], 'silent': ['Muhalif bir gazete “{}” iddiasında bulundu.'], 'qualifies': ['Şu ihtimal dışlanamaz: {}.']},
    'he': {'affirms': ['{}.', 'השר אישר: {}.'], 'denies': ['הטענה "{}" חסרת בסיס.', 'המשרד הכחיש את הידיעה "{}".'], 'silent': ['עיתון אופוזיציה טוען: "{}".'], 'qualifies': ['אי אפשר לשלול: {}.']},
    'zh': {'affirms': ['{}。', '部长证实：{}。', '发言人表示，{}。'], 'denies': ['“{}”的说法毫无根据。', '该部否认“{}”的报道。', '“{}”并非事实。'], 'silent': ['一家反对派报纸声称：“{}”。', '问：{}，属实吗？答：我没有可说的。'], 'qualifies': ['不能排除：{}。']},
    'ja': {'affirms': ['{}。', '大臣は「{}」と認めた。'], 'denies': ['「{}」という主張は事実無根である。', '同省は「{}」との報道を否定した。'], 'silent': ['野党系の新聞は「{}」と主張している。'], 'qualifies': ['「{}」という可能性は否定できない。']},
    'ko': {'affirms': ['{}.', '장관은 “{}”라고 확인했다.'], 'denies': ['“{}”라는 주장은 사실무근이다.', '부처는 “{}”라는 보도를 부인했다.'], 'silent': ['한 야당 성향 신문은 “{}”라고 주장했다.'], 'qualifies': ['“{}”일 가능성을 배제할 수 없다.']},
    'hi': {'affirms': ['{}।', 'मंत्री ने पुष्टि की: {}।'], 'denies': ['यह दावा कि “{}” निराधार है।', 'मंत्रालय ने “{}” की ख़बर का खंडन किया।'], 'silent': ['एक विपक्षी अख़बार का दावा है: “{}”।']},
    'id': {'affirms': ['{}.', 'Menteri membenarkan: {}.'], 'denies': ['Tuduhan “{}” tidak berdasar.', 'Kementerian membantah berita “{}”.'], 'silent': ['Sebuah koran oposisi mengklaim: “{}”.']},
}


def plainly(proposition, lang, stance, rng):
    """The proposition in its own words as a passage of a stance; None in a language without such words."""
    templates = PLAIN.get((lang or 'en')[:2], {}).get(stance)
    if not templates:
        return None
    text, template = proposition.strip().rstrip('.。।').strip(), rng.choice(templates)
    if not template.startswith('{}') and ': {}' not in template and '. {}' not in template:
        text = re.sub(r'^(The|No|A|An|Its|There|It|All|Any|None|Some|In|At)\b', lambda m: m.group(0).lower(), text)
    return template.format(text)

SUBJECT = re.compile(r'^((?:The |An? )?[A-Z][\w’-]*(?: (?:of |and |for )?(?:the )?[A-Z][\w’-]*| (?:government|ministry|agency|bank|army|navy|police|council|authority|cabinet|board))*) '
                     r'(?:has|have|had|will|did|does|do|can|may|must|plans|intends|sold|gave|sent|built|paid|held|knew|took|made|kept|let|bought|[a-z]+ed) (?!been |by )')
FIRST = [(r'\b([Ww])e have\b', 'has'), (r'\b([Ww])e are\b', 'is'), (r'\b([Ww])e were\b', 'was'), (r'\b([Ww])e do not\b', 'does not'), (r"\b([Ww])e(?: don['’]t)\b", 'does not'),
         (r"\b([Ww])e['’]ve\b", 'has'), (r"\b([Ww])e['’]re\b", 'is'), (r"\b([Ww])e haven['’]t\b", 'has not'), (r"\b([Ww])e['’]ll\b", 'will'), (r"\b([Ww])e['’]d\b", 'had'), (r'\b([Ww])e\b', '')]


def third(text, proposition):
    """English words in the first person as told of the proposition's subject: "We gave rifles" of "Norland armed rebels" is "Norland
    gave rifles". None where nothing is said in the first person, or the proposition names no one who acts."""
    m = SUBJECT.match(proposition)
    if not m or re.match(r'(Somebody|Nobody|It|There|He|She|They|We|No)\b', m.group(1)) or not re.search(r"\b[Ww]e\b", text) or re.search(r"\b(I|I['’]\w+|my|me|you|your|ourselves)\b|[“”]", text):
        return None
    name = m.group(1)
    inner = re.sub(r'^(The|An?) ', lambda x: x.group(0).lower(), name)

    def put(verb):
        return lambda x: (name if x.group(1) == 'W' else inner) + (' ' + verb if verb else '')
    for pattern, verb in FIRST:
        text = re.sub(pattern, put(verb), text)
    return re.sub(r'\bus\b', 'it', re.sub(r'\bours\b', 'its own', re.sub(r'\bour\b', 'its', re.sub(r'\bOur\b', 'Its', text))))
