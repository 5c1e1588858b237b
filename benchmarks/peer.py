"""What ours is measured against: wechatpy and Flask with nothing between, an echo that keeps nothing.

gunicorn --worker-class gthread benchmarks.peer:app      # WECHAT_TOKEN, and for safe mode WECHAT_AES_KEY and _APPID
"""

import os

from flask import Flask, Response, abort, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

TOKEN, KEY, APPID = (os.environ.get(f"WECHAT_{name}", "") for name in ("TOKEN", "AES_KEY", "APPID"))

app = Flask(__name__, static_folder=None)
crypto = WeChatCrypto(TOKEN, KEY, APPID) if KEY else None


@app.post("/hooks/wechat")
def hook() -> Response:
    """Check, parse, answer with the same words."""
    timestamp, nonce = request.args.get("timestamp", ""), request.args.get("nonce", "")
    try:
        check_signature(TOKEN, request.args.get("signature", ""), timestamp, nonce)
    except InvalidSignatureException:
        abort(403)
    body = request.get_data()
    if crypto is not None:
        body = crypto.decrypt_message(body, request.args.get("msg_signature", ""), timestamp, nonce)
    message = parse_message(body)
    answer = create_reply(message.content, message).render()
    if crypto is not None:
        answer = crypto.encrypt_message(answer, nonce, timestamp)
    return Response(answer, content_type="application/xml")


@app.get("/health")
def health() -> str:
    """So that it can be waited for like ours."""
    return "ok"
