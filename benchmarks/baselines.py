"""What others do: a list of keywords, and a bag of words learned from a few hundred messages. Measured beside ours."""

import random
from collections.abc import Callable, Sequence

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from intents.examples import Example

SEED, LEARNED_FROM = 20, 300
# As a bot of this kind is usually begun: a dozen words an intent, the first that is found decides.
KEYWORDS = {
    "repair": ["坏", "坏了", "维修", "报修", "修", "漏水", "停水", "停电", "电梯", "堵", "堵塞", "灯", "水管", "燃气"],
    "dispute": ["投诉", "吵", "噪音", "扰民", "纠纷", "矛盾", "邻居", "狗", "停车", "占用", "物业费", "打架", "油烟"],
    "policy": ["政策", "怎么办", "办理", "补贴", "社保", "医保", "养老", "低保", "居住证", "户口", "证明", "公积金"],
    "help": ["帮忙", "求助", "帮", "志愿者", "陪", "照顾", "报名", "心愿", "上门"],
}

Guess = Callable[[str], str]


def keyword_list() -> Guess:
    """The intent of the first jieba word that stands in a list; `other` where none does."""
    intents = {word: intent for intent, words in KEYWORDS.items() for word in words}

    def guess(text: str) -> str:
        return next((intents[word] for word in jieba.cut(text) if word in intents), "other")

    return guess


def bag_of_words(examples: Sequence[Example]) -> Guess:
    """TF-IDF over jieba words with logistic regression, learned from LEARNED_FROM of the examples."""
    some = random.Random(SEED).sample(list(examples), min(LEARNED_FROM, len(examples)))
    learner = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, lowercase=False),
        LogisticRegression(C=10, max_iter=500),
    )
    learner.fit([example.text for example in some], [example.intent for example in some])
    return lambda text: str(learner.predict([text])[0])
