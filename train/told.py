"""Passages as somebody else tells them: what the spokesman of the issuer is quoted with is still the issuer's word, what
somebody else is quoted with is not. {} stands for what is said, without its last full stop."""
import re

OURS = {
    'en': ['“{}”, the minister said.', '“{},” said the spokesperson of the ministry.', 'The spokesman said: “{}.”', '{}, the ministry said in a statement.', 'Speaking to reporters, the minister said: “{}.”', '“{}”, he said.', '“{}”, she told the press.', 'According to the ministry, “{}”.'],
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
    return rng.choice(by[lang]).format(text.strip().rstrip('.。।').strip())
