"""How the web server runs, on one machine and in a container alike."""

import os

workers = int(os.environ.get("ASET_WEB_WORKERS", "2"))
threads = int(os.environ.get("ASET_WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Worker heartbeats on a disk that stalls would look like hung workers.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Request lines hold references of cases and the addresses of reporters: no access log.
accesslog = None
errorlog = "-"
loglevel = "info"
# Whom to believe about the visitor's address and scheme is Django's decision (ASET_TRUSTED_PROXIES).
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True
