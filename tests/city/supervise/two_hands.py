"""Two inspectors send the same task at the same moment over two connections; run with a home of its own.

Prints one line: the outcomes of two devices, of one device that sends twice at once, and what stands in the rows.
"""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4


def at_once(*acts: Any) -> list[str]:
    """Call the functions in threads of their own that begin together; return what they said, in order of name."""
    from django.db import connection

    gate, said = threading.Barrier(len(acts)), {}

    def run(number: int, act: Any) -> None:
        gate.wait()
        try:
            said[number] = str(act().outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said.values())


def main() -> None:
    """Make a small city and let them send."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.city.supervise.cast import make_cast, make_task
    from tests.city.supervise.on_site import payload, take_pictures

    from qualipolis.city.supervise import service
    from qualipolis.city.supervise.models import Sample, Submission

    cast = make_cast()
    people = [cast["inspector"], cast["inspector2"]]
    task, again = make_task(cast), make_task(cast, enterprise=cast.firms[1])
    lots = [(person, payload(take_pictures(person, task))) for person in people]
    two = at_once(*(lambda p=p, s=s: service.receive(p, task, uuid4(), 0, None, s) for p, s in lots))
    same, said = uuid4(), payload(take_pictures(people[0], again))
    one = at_once(*(lambda: service.receive(people[0], again, same, 0, None, said) for _n in range(2)))
    print(*two, *one, Sample.objects.count(), Submission.objects.count())


if __name__ == "__main__":
    main()
