"""The queues, and the kinds of effects in them."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = "commands"
RENDERING: Final = "rendering"
MAIL: Final = "mail"
WEBHOOKS: Final = "webhooks"
MAINTENANCE: Final = "maintenance"
MONITORING: Final = "monitoring"
QUEUES: Final = (COMMANDS, RENDERING, MAIL, WEBHOOKS, MAINTENANCE, MONITORING)

ORDER_DOCUMENT: Final = "order_document"
RENDER_DOCUMENT: Final = "render_document"
QUEUE_EMAILS: Final = "queue_emails"
TELL_PEOPLE: Final = "tell_people"
ALERT_ADMINISTRATORS: Final = "alert_administrators"
TELL_OPERATORS: Final = "tell_operators"
SEND_OPERATIONS_REPORT: Final = "send_operations_report"
TELL_OF_BACKUP: Final = "tell_of_backup"
FIRE_SCHEDULE: Final = "fire_schedule"
RUN_SCHEDULE: Final = "run_schedule"
REMIND_APPROVER: Final = "remind_approver"
ESCALATE_STAGE: Final = "escalate_stage"
PLAN_BROADCAST: Final = "plan_broadcast"
DELIVER_EMAIL: Final = "deliver_email"
MAINTAIN: Final = "maintain"
QUIET_RUN: Final = "quiet_run"
DISPOSE_REPORT: Final = "dispose_report"
DESTROY_CONTENT: Final = "destroy_content"
CALL_OFF: Final = "call_off"
CALL_OFF_REVIEW_COPIES: Final = "call_off_review_copies"
PLAN_DELIVERIES: Final = "plan_deliveries"
DELIVER_WEBHOOK: Final = "deliver_webhook"
HASTEN_DELIVERIES: Final = "hasten_deliveries"
DESTROY_SECRETS: Final = "destroy_secrets"
REPLAY_EVENTS: Final = "replay_events"

WATCHES: Final = frozenset({"health_check", "metrics_samples", "certificate_check"})
"""Periodic work that looks after the service, and never waits for long work."""
