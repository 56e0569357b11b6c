-- Deliveries of one webhook, newest first, for its page.
create index outbox_target on outbox (district, target, created_at) where channel = 'webhook';
