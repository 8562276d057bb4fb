"""Tells the receivers of WEBHOOK_URLS what was approved: `manage.py send_webhooks`, every minute."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ...api.webhooks import NotSent, send
from ...models import Delivery


class Command(BaseCommand):
    help = (
        "Sends what is due to the receivers of WEBHOOK_URLS. What fails is tried again, each time after twice the pause, for"
        " about three days. Two runs at once do not send anything twice. Exit code 1 when something could not be sent."
    )

    def handle(self, **options: Any) -> None:
        """Raises SystemExit with code 1 where something could not be sent."""
        sent, failed = 0, 0
        for delivery in Delivery.objects.due().filter(url__in=settings.WEBHOOK_URLS):
            if not delivery.claim():
                continue
            try:
                send(delivery)
            except NotSent as error:
                failed += 1
                delivery.settle(str(error))
                again = f"next try {delivery.next_try_at:%Y-%m-%d %H:%M}" if delivery.next_try_at else "given up"
                self.stderr.write(f"{delivery.url}: {error} ({again})")
            else:
                sent += 1
                delivery.settle("")
        self.stdout.write(f"{sent} sent, {failed} failed")
        if failed:
            raise SystemExit(1)
