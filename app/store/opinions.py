"""What each reviewer says of each item, to measure how far people agree with others and with themselves."""

from __future__ import annotations

from app.method.agreement import Opinion, Opinions
from app.store.connection import Connection
from app.store.decisions import STANDS

# The last standing decision of each reviewer on each item. A label has few values, so that agreement by
# chance can be computed; `answer` tells whether two people want the same text.
_OPINIONS = f"""
    SELECT e.reviewer, i.instance_id, e.how, e.seq,
           CASE WHEN e.action = 'reject' THEN 'rejected' WHEN e.action = 'edit' THEN 'edited'
                WHEN x.output = (SELECT w.output FROM votes v JOIN candidates w ON w.id = v.winner
                                 WHERE v.instance_id = i.instance_id AND v.current = 1) THEN 'winner'
                ELSE 'another' END,
           CASE e.action WHEN 'edit' THEN i.text ELSE x.output END
    FROM events e JOIN event_items i ON i.event = e.seq LEFT JOIN candidates x ON x.id = i.candidate_id
    WHERE e.action IN ('accept', 'choose', 'edit', 'reject') AND {STANDS} ORDER BY e.seq"""


def opinions(c: Connection) -> Opinions:
    """Read what everybody says."""
    found = Opinions({}, {})
    for reviewer, item, how, _, label, answer in c.execute(_OPINIONS):
        opinion = Opinion(label, answer)
        said = found.last.setdefault(item, {})
        if how != "again":
            said[reviewer] = opinion
        elif reviewer in said:
            found.again.setdefault(reviewer, []).append((said[reviewer], opinion))
    return found
