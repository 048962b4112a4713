"""Words for emotions, written by hand for this project: by the node of the tree that they belong to, or outside of it.

A word of several parts is joined by underscores. One that stands at two nodes means either. `mien.types.words` looks
words up and finds their other forms, so that no plurals, adverbs or endings of verbs need to stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["OUTSIDE", "SYNONYMS", "Outside"]

SYNONYMS: Mapping[str, str] = {
    "love": "loved loving lovesick lovestruck smitten besotted enamored enamoured romantic romance in_love "
    "head_over_heels",
    "love/affection/adoration": "adore adored adoring cherish cherished devotion devoted idolize idolise doting dote",
    "love/affection/affection": "affectionate",
    "love/affection/fondness": "fond endeared endearment soft_spot",
    "love/affection/liking": "friendly friendliness amiable amicable affable goodwill companionable",
    "love/affection/attraction": "attracted allured drawn_to",
    "love/affection/caring": "care cared kind kindness kindly kindhearted nurturing protective considerate solicitous "
    "supportive",
    "love/affection/tenderness": "tender warm warmth warmhearted tenderhearted softhearted",
    "love/affection/compassion": "compassionate empathy empathetic empathic benevolence benevolent mercy merciful "
    "humane altruism altruistic",
    "love/affection/sentimentality": "sentimental mushy soppy sappy mawkish schmaltzy",
    "love/lust/arousal": "aroused turned_on horny randy",
    "love/lust/desire": "desirous craving crave lust_for hunger_for",
    "love/lust/lust": "lustful lecherous lascivious libidinous sensual erotic",
    "love/lust/passion": "passionate impassioned ardor ardour ardent amorous",
    "love/lust/infatuation": "infatuated crush puppy_love limerence",
    "love/longing/longing": "yearn yearning pining hankering wistful wistfulness nostalgia nostalgic saudade long_for "
    "reminiscent",
    "joy": "joyful joyous bittersweet",
    "joy/cheerfulness/amusement": "amused amusing entertained mirth mirthful hilarity hilarious playful playfulness "
    "fun funny humor humour humorous giggly tickled",
    "joy/cheerfulness/bliss": "blissful on_cloud_nine in_seventh_heaven beatific blissed_out",
    "joy/cheerfulness/cheerfulness": "cheerful cheery cheer upbeat bubbly perky chipper chirpy lighthearted sunny "
    "jaunty buoyant buoyancy good_humored good_humoured high_spirits good_spirits in_good_spirits carefree",
    "joy/cheerfulness/gaiety": "merry merriment festive festivity frolic frolicsome",
    "joy/cheerfulness/glee": "gleeful",
    "joy/cheerfulness/jolliness": "jolly",
    "joy/cheerfulness/joviality": "jovial convivial genial geniality",
    "joy/cheerfulness/delight": "delighted delightful chuffed tickled_pink made_up",
    "joy/cheerfulness/enjoyment": "enjoy enjoyable relish savor savour",
    "joy/cheerfulness/gladness": "glad gladdened",
    "joy/cheerfulness/happiness": "happy wellbeing well_being",
    "joy/cheerfulness/jubilation": "jubilant rejoice exultant exultation exult celebratory",
    "joy/cheerfulness/elation": "elated exuberant exuberance uplifted over_the_moon on_top_of_the_world walking_on_air",
    "joy/cheerfulness/satisfaction": "satisfied satisfying gratified gratification fulfilled fulfilment fulfillment",
    "joy/cheerfulness/ecstasy": "ecstatic overjoyed delirious",
    "joy/cheerfulness/euphoria": "euphoric",
    "joy/zest/enthusiasm": "enthusiastic enthused keen keenness gusto avid ebullient ebullience",
    "joy/zest/zeal": "zealous fervent fervor fervour",
    "joy/zest/zest": "zestful lively liveliness vivacious vivacity vitality energetic energized energised invigorated "
    "spirited vibrant",
    "joy/zest/excitement": "excited exciting pumped psyched stoked hyped fired_up giddy giddiness amped raring_to_go",
    "joy/zest/thrill": "thrilled thrilling",
    "joy/zest/exhilaration": "exhilarated exhilarating",
    "joy/contentment/contentment": "content contented comfortable cosy cozy snug at_ease",
    "joy/contentment/pleasure": "pleased pleasant pleasurable pleasing schadenfreude",
    "joy/pride/pride": "proud smug self_satisfied self_respect conceited hubris vanity vain",
    "joy/pride/triumph": "triumphant victorious accomplished accomplishment",
    "joy/optimism/eagerness": "eager",
    "joy/optimism/hope": "hopeful hoping encouraged heartened",
    "joy/optimism/optimism": "optimistic sanguine bullish positive_outlook",
    "joy/enthrallment/enthrallment": "enthralled captivated spellbound mesmerized mesmerised entranced enchanted "
    "enchantment bewitched riveted engrossed fascinated fascination",
    "joy/enthrallment/rapture": "rapturous enraptured",
    "joy/relief/relief": "relieved reassured reassurance unburdened consoled soothed comforted",
    "surprise/surprise/amazement": "amazed amazing awe awed awestruck wonder wonderment wonderstruck marvel "
    "marvelling marveling",
    "surprise/surprise/surprise": "surprised surprising startled taken_aback caught_off_guard unexpected",
    "surprise/surprise/astonishment": "astonished astonishing astounded astounding dumbfounded flabbergasted stunned "
    "thunderstruck gobsmacked speechless stupefied staggered dumbstruck disbelief incredulous incredulity blown_away "
    "bowled_over",
    "anger": "angry mad angered upset",
    "anger/irritation/aggravation": "aggravated aggravating",
    "anger/irritation/irritation": "irritated irritating irritable irritability irked irksome peeved peevish riled "
    "nettled vexed vexation tetchy touchy testy miffed narked impatient impatience ticked_off pique piqued",
    "anger/irritation/agitation": "agitated worked_up het_up ruffled restless restlessness rattled",
    "anger/irritation/annoyance": "annoyed annoying bothered bugged",
    "anger/irritation/grouchiness": "grouchy crabby cranky crotchety",
    "anger/irritation/grumpiness": "grumpy surly sulky cantankerous bad_tempered ill_tempered petulant petulance "
    "moody cross",
    "anger/exasperation/exasperation": "exasperated exasperating fed_up sick_and_tired at_my_wits_end",
    "anger/exasperation/frustration": "frustrated frustrating thwarted",
    "anger/rage/rage": "enraged raging livid apoplectic incensed seeing_red",
    "anger/rage/outrage": "outraged indignant indignation scandalized scandalised affronted up_in_arms",
    "anger/rage/fury": "furious infuriated infuriating seething fuming pissed_off",
    "anger/rage/wrath": "wrathful irate ire",
    "anger/rage/hostility": "hostile antagonistic antagonism antagonized belligerent belligerence aggressive "
    "aggression combative animosity enmity ill_will unfriendly",
    "anger/rage/ferocity": "ferocious fierce fierceness",
    "anger/rage/bitterness": "bitter embittered acrimony acrimonious rancor rancour rancorous",
    "anger/rage/hate": "hatred hateful hated",
    "anger/rage/loathing": "loathe loathed detest detested abhor abhorrence odium",
    "anger/rage/scorn": "scornful derision derisive mocking",
    "anger/rage/spite": "spiteful malice malicious malevolent malevolence schadenfreude venomous",
    "anger/rage/vengefulness": "vengeful vindictive vengeance revenge revengeful retaliatory",
    "anger/rage/dislike": "disliked disliking averse aversion antipathy",
    "anger/rage/resentment": "resentful resent aggrieved grudge begrudging disgruntled",
    "anger/disgust": "appalled",
    "anger/disgust/disgust": "disgusted disgusting grossed_out sickened distaste nauseated nausea nauseous queasy "
    "gross repelled",
    "anger/disgust/revulsion": "revolted revolting repulsed repulsion repulsive repugnance repugnant",
    "anger/disgust/contempt": "contemptuous disdain disdainful despise despised condescending condescension haughty",
    "anger/envy/envy": "envious envied green_with_envy covetous covet",
    "anger/envy/jealousy": "jealous possessive possessiveness",
    "anger/torment/torment": "tormented tortured haunted",
    "sadness": "sad saddened tearful weepy teary feeling_blue feeling_down upset bittersweet down_in_the_dumps "
    "feeling_low",
    "sadness/suffering/agony": "agonized agonised agonizing agonising",
    "sadness/suffering/suffering": "suffer afflicted affliction pained",
    "sadness/suffering/hurt": "hurtful wounded cut_up",
    "sadness/suffering/anguish": "anguished heartache heartbreak heartbroken heartbreaking brokenhearted",
    "sadness/sadness/depression": "depressed depressing depressive",
    "sadness/sadness/despair": "despairing desperate desperation",
    "sadness/sadness/hopelessness": "hopeless helpless helplessness powerless powerlessness pessimistic pessimism "
    "futility",
    "sadness/sadness/gloom": "gloomy bleak bleakness dismal dreary downbeat",
    "sadness/sadness/glumness": "glum morose sullen mopey moping dour",
    "sadness/sadness/unhappiness": "unhappy joyless cheerless discontent discontented malcontent",
    "sadness/sadness/grief": "grieving grieve bereaved bereavement mourning mourn mournful inconsolable devastated "
    "devastation grief_stricken",
    "sadness/sadness/sorrow": "sorrowful doleful lament lamentation plaintive",
    "sadness/sadness/woe": "woeful woebegone",
    "sadness/sadness/misery": "miserable wretched wretchedness",
    "sadness/sadness/melancholy": "melancholic melancholia somber sombre weltschmerz",
    "sadness/disappointment/dismay": "dismayed disheartened discouraged discouragement demoralized demoralised",
    "sadness/disappointment/disappointment": "disappointed disappointing let_down gutted crestfallen deflated "
    "disillusioned disillusionment disenchanted disenchantment bummed bummed_out",
    "sadness/disappointment/displeasure": "displeased dissatisfied dissatisfaction",
    "sadness/shame/guilt": "guilty guilt_ridden conscience_stricken",
    "sadness/shame/shame": "ashamed shameful shamefaced disgraced disgrace",
    "sadness/shame/regret": "regretful regrettable sorry rueful apologetic",
    "sadness/shame/remorse": "remorseful contrite contrition penitent repentant repentance compunction",
    "sadness/neglect/alienation": "alienated estranged estrangement ostracized ostracised disaffected",
    "sadness/neglect/isolation": "isolated cut_off",
    "sadness/neglect/neglect": "neglected abandoned abandonment forsaken unloved unwanted uncared_for deserted",
    "sadness/neglect/loneliness": "lonely lonesome friendless",
    "sadness/neglect/rejection": "rejected spurned jilted unwelcome excluded left_out rebuffed",
    "sadness/neglect/homesickness": "homesick",
    "sadness/neglect/defeat": "defeated crushed defeatism",
    "sadness/neglect/dejection": "dejected despondent despondency downcast downhearted dispirited low_spirits",
    "sadness/neglect/insecurity": "insecure inadequate inadequacy inferiority self_doubt worthless worthlessness "
    "unworthy",
    "sadness/neglect/embarrassment": "embarrassed embarrassing abashed sheepish self_conscious chagrin chagrined "
    "red_faced mortified flustered",
    "sadness/neglect/humiliation": "humiliated humiliating degraded belittled demeaned",
    "sadness/neglect/insult": "insulted offended slighted",
    "sadness/sympathy/pity": "pitying self_pity commiseration",
    "sadness/sympathy/sympathy": "sympathetic condolence",
    "fear": "afraid scared fearful cowardly cowardice",
    "fear/horror/alarm": "alarmed alarming startled",
    "fear/horror/shock": "shocked shocking traumatized traumatised trauma shell_shocked stunned",
    "fear/horror/fright": "frightened frightening spooked scary scare",
    "fear/horror/horror": "horrified horrifying aghast appalled",
    "fear/horror/terror": "terrified terrifying petrified scared_stiff scared_to_death",
    "fear/horror/panic": "panicked panicky panicking freaked_out panic_stricken",
    "fear/horror/hysteria": "hysterical frantic",
    "fear/horror/mortification": "mortified mortifying",
    "fear/nervousness/anxiety": "anxious angst angsty",
    "fear/nervousness/nervousness": "nervous jittery jumpy edgy on_edge skittish antsy fidgety nervy on_tenterhooks",
    "fear/nervousness/tenseness": "tense tension stressed stress stressful stressed_out uptight wound_up keyed_up "
    "overwrought",
    "fear/nervousness/uneasiness": "uneasy unease unsettled disquiet unnerved creeped_out ill_at_ease perturbed",
    "fear/nervousness/apprehension": "apprehensive foreboding misgiving trepidation",
    "fear/nervousness/worry": "worried worrying worrisome concerned concern fretful fret fretting troubled",
    "fear/nervousness/distress": "distressed distressing distraught overwhelmed",
    "fear/nervousness/dread": "dreading dreaded",
}
"""Node to words that mean what the node means; words of the tree itself are not repeated."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Words for feelings that the tree has no place for.

    Args:
        words: The words.
        terms: What stands for them in valence, arousal and dominance (`mien.types.norms`).
        label: Taxonomy and label that mean the same; ``None`` where there is none.
    """

    words: str
    terms: tuple[str, ...]
    label: tuple[str, str] | None = None


OUTSIDE: Mapping[str, Outside] = {
    "calm": Outside(
        "calm calmness tranquil tranquility tranquillity serene serenity peaceful peace relaxed relaxation composed "
        "composure placid mellow laid_back untroubled easygoing unruffled chilled at_peace",
        ("relaxed", "leisurely", "untroubled"),
        ("ravdess8", "calm"),
    ),
    "boredom": Outside("bored boredom boring ennui tedium tedious jaded listless", ("bored",)),
    "tiredness": Outside(
        "tired tiredness exhausted exhaustion weary weariness fatigue fatigued drained sleepy drowsy burnout "
        "burned_out burnt_out worn_out lethargic lethargy sluggish",
        ("weary", "fatigued"),
    ),
    "curiosity": Outside(
        "curious curiosity inquisitive intrigued interested interest interesting",
        ("curious", "interested"),
        ("goemotions28", "curiosity"),
    ),
    "confusion": Outside(
        "confused confusion confusing puzzled bewildered bewilderment perplexed perplexity baffled mystified "
        "disoriented disorientation muddled befuddled confounded",
        ("confused",),
        ("goemotions28", "confusion"),
    ),
    "gratitude": Outside(
        "grateful gratitude thankful appreciative appreciation indebted",
        ("grateful", "thankful"),
        ("goemotions28", "gratitude"),
    ),
    "admiration": Outside(
        "admire admiration admiring respect respectful esteem revere reverence reverent impressed veneration",
        ("impressed", "respectful", "awed"),
        ("goemotions28", "admiration"),
    ),
    "approval": Outside("approve approval approving", ("appreciative", "respectful"), ("goemotions28", "approval")),
    "disapproval": Outside(
        "disapprove disapproval disapproving judgmental judgemental",
        ("displeased", "skeptical", "disdainful"),
        ("goemotions28", "disapproval"),
    ),
    "realization": Outside(
        "realization realisation epiphany enlightened enlightenment",
        ("surprised", "interested", "neutral"),
        ("goemotions28", "realization"),
    ),
    "trust": Outside(
        "trust trusting trustful acceptance accepting safe secure security",
        ("respectful", "secure", "friendly"),
        ("plutchik8", "trust"),
    ),
    "anticipation": Outside(
        "anticipation anticipating expectant expectancy suspense looking_forward",
        ("interested", "hopeful", "anxious"),
        ("plutchik8", "anticipation"),
    ),
    "confidence": Outside(
        "confident confidence self_confident self_assured bold boldness brave bravery courage courageous fearless "
        "daring determined determination resolute empowered",
        ("bold", "capable", "powerful"),
    ),
    "inspiration": Outside("inspired inspiration inspiring motivated motivation moved touched stirred", ("inspired",)),
    "suspicion": Outside(
        "suspicious suspicion distrust distrustful mistrust skeptical sceptical skepticism scepticism doubtful doubt "
        "wary paranoid paranoia dubious",
        ("suspicious", "skeptical"),
    ),
    "indifference": Outside(
        "indifferent indifference apathetic apathy uninterested unconcerned detached detachment numb numbness "
        "impassive nonchalant nonchalance aloof unmoved emotionless",
        ("uninterested", "detached"),
    ),
    "shyness": Outside("shy shyness timid timidity bashful meek inhibited", ("shy", "timid", "inhibited")),
    "humility": Outside("humble humility humbled modest modesty", ("humble", "modest")),
    "neutral": Outside("neutral", ("neutral",), ("ekman7", "neutral")),
}
"""Name of a feeling to its words."""
