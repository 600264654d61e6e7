"""The desk's addresses, as one application over a context."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles

from services.desk import saying
from services.desk.context import HERE, Context
from services.desk.pages import acts, api, articles, delivery, looking, queue, rules, signing, why
from services.desk.pages.frame import message
from services.desk.pages.guarding import Guard

SLOW = "the log did not take it: {}; it may still arrive, look before you press again"


def application(context: Context) -> FastAPI:
    """The desk as one application over a context."""
    app = FastAPI(title="Copytaster desk", docs_url=None, redoc_url=None)
    app.state.context = context
    for part in (queue, acts, looking, articles, rules, delivery, why, signing, api):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)
    app.add_middleware(Guard, context=context)
    _troubles(app)
    return app


def _troubles(app: FastAPI) -> None:
    """Every failure says what failed, what it means for the reader, and has one way on."""

    @app.exception_handler(saying.Refused)
    async def refused(request: Request, error: saying.Refused) -> Response:
        return _told(request, 422, "Not done", str(error))

    @app.exception_handler(TimeoutError)
    async def slow(request: Request, error: TimeoutError) -> Response:
        return _told(request, 503, "Not saved", SLOW.format(error))

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return _told(request, 422, "This address is not one of the desk’s", f"{where}: {first['msg']}.")

    @app.exception_handler(404)
    async def missing(request: Request, error: HTTPException) -> Response:
        return _told(request, 404, "Nothing here", "Nothing is known under this address, or it is still on its way.")


def _told(request: Request, status: int, what: str, means: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": means}, status)
    wants_page = "text/html" in request.headers.get("accept", "") and "x-fragment" not in request.headers
    return message(request, what, means, status=status) if wants_page else PlainTextResponse(means, status)
