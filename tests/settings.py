"""The site's own settings over a home folder that each test process throws away."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="qualipolis-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["QUALIPOLIS_HOME"] = _home
os.environ.setdefault("QUALIPOLIS_SECRET_KEY", "only-for-tests-" * 4)

from qualipolis.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
