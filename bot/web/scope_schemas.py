"""The shapes of who asks and which part of the tree is theirs."""

from pydantic import BaseModel

from bot.web.api_schemas import AreaRef


class PostItem(BaseModel):
    role: str
    title: str
    area: AreaRef


class Me(BaseModel):
    name: str
    person: str | None
    posts: list[PostItem]


class AreaItem(BaseModel):
    code: str
    name: str
    level: str
    level_name: str
    parent: str | None


class AreaPage(BaseModel):
    items: list[AreaItem]
    next: str | None
