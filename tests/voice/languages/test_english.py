"""What is said in English."""

import pytest

from tests.emulator.faults import Fault

from .stage import Case, Stage

PLAYING = (
    Case("What's playing?", "So What by Miles Davis is playing on Kitchen."),
)
async def test_show(stage: Stage, subtests):
    import sys
    rows = [l.rstrip("\n").split("|") for l in open("/tmp/rows.txt") if l.strip()]
    out=open("/tmp/out.txt","w")
    for text,scene,room,user in rows:
        await stage.set(scene)
        b=stage.state()
        said=await stage.house.say(text,room or None,user=stage._people[user] if user else None,language=LANG)
        a=stage.state()
        ch={}
        for k in a:
            if a[k]!=b[k]:
                if isinstance(a[k],frozenset):
                    ch[k]=["+"+str(x) for x in a[k]-b[k]]+["-"+str(x) for x in b[k]-a[k]]
                    ch[k]=ch[k][0] if len(ch[k])==1 else ch[k]
                elif isinstance(a[k],tuple) and a[k][:len(b[k])]==b[k] and len(a[k])==len(b[k])+1: ch[k]="+"+a[k][-1]
                else: ch[k]=a[k]
        args=[repr(text),repr(said.words)]
        if ch: args.append(repr(ch))
        if scene!="anna": args.append(f"scene={scene!r}")
        if room!="Kitchen": args.append(f"room={room or None!r}")
        if user: args.append(f"user={user!r}")
        out.write("    Case("+", ".join(args)+"),"+("" if said.kind.value!="error" else "  # ERROR")+"\n"); out.flush()
import os
LANG=os.environ.get("LANGU","en")
