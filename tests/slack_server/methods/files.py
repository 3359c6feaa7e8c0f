"""files.*: the three steps of an upload."""

from typing import Any

from tests.slack_server.call import Call, method
from tests.slack_server.errors import Refused
from tests.slack_server.posting import message_of_app, post


@method("files.getUploadURLExternal", scope="files:write", tier=4)
def get_upload_url(call: Call) -> dict[str, Any]:
    file_id = call.slack.ids.new("F")
    call.workspace.files[file_id] = {
        "id": file_id,
        "name": str(call.arguments["filename"]),
        "title": str(call.arguments["filename"]),
        "size": int(call.arguments["length"]),
        "user": call.bot_user_id,
    }
    address = f"{call.slack.base_url}/upload/v1/{call.workspace.id}/{file_id}"
    return {"upload_url": address, "file_id": file_id}


@method("files.completeUploadExternal", scope="files:write", tier=4)
def complete_upload(call: Call) -> dict[str, Any]:
    done = []
    for given in call.arguments["files"]:
        file = call.workspace.files.get(given["id"])
        if file is None or "content" not in file:
            raise Refused("file_not_found")
        file["title"] = given.get("title") or file["title"]
        done.append({key: value for key, value in file.items() if key != "content"})
    if call.get("channel_id"):
        _share(call, done)
    return {"files": done}


@method("files.info", scope="files:read", tier=4)
def info(call: Call) -> dict[str, Any]:
    file = call.workspace.files.get(str(call.arguments["file"]))
    if file is None:
        raise Refused("file_not_found")
    return {"file": {key: value for key, value in file.items() if key != "content"}}


def _share(call: Call, files: list[dict[str, Any]]) -> None:
    """Posts the files to the channel, of which the app must be a member."""
    call.arguments["channel"] = call.arguments["channel_id"]
    channel = call.channel()
    if call.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    content = {
        "text": call.get("initial_comment") or "",
        "thread_ts": call.get("thread_ts"),
    }
    message = message_of_app(call.slack, call.workspace, channel.id, content)
    message.files = files
    message.subtype = "file_share"
    post(call.slack, call.workspace, message)
