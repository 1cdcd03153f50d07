"""Addresses of sockets, behind the check of origin; the consumer asks for the session."""

from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from mediation.realtime.consumers import InboxConsumer
from mediation.realtime.origin import SameOrigin

routes = [
    path("ws/inbox/", InboxConsumer.as_asgi()),
    re_path(r"", WebsocketDenier.as_asgi()),  # the router would answer an unknown address with 500
]
websocket_application = SameOrigin(URLRouter(routes))
