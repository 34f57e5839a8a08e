/* SPDX-FileCopyrightText: The Imprimatur authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Home: who may release a job, the service or the agent of one site. The agent may while its line is down, by a
 * badge; the service may while the job's home is the service, whoever stands wherever. One job; messages are lost,
 * doubled and reordered; the agent crashes (memory gone, ledger kept) or loses its disk (ledger gone, another
 * incarnation); the service keeps nothing in memory, so that its restarts change nothing but what was on its way.
 * That the line is down is nothing but that messages get lost: the agent may release whenever the home is its own.
 *
 *      service                                        agent
 *        GIVE(g)   there is a home to take       -->
 *                                                <--  TAKE(g, incarnation, nonce)
 *        home = agent, g + 1, committed;
 *        YES(g, nonce)                           -->  ledger: HOMED(g)            <- may be released here now
 *        ASK(g)    somebody wants it elsewhere   -->  ledger: RETURNED(g)         <- and no more
 *                                                <--  BACK(g, incarnation)        repeated until BACKED
 *        home = service, g + 1, committed        -->  BACKED(g)
 *                                                     ledger: RELEASED(g), then paper
 *                                                <--  TOLD(g, incarnation)        repeated until HEARD
 *
 * Asserted:  at most one release reaches paper;
 *            the job is never releasable at both;
 *            DONE only when it is on paper once or was under way; HELD at home only when nothing is;
 *            with -DLIVE (losses, doublings and crashes come to an end, as a line does that is back): when nothing
 *            more can happen, whoever wanted the job has been answered, and the agent has nothing left to tell.
 *
 * Bounds:      MAXG times given, CRASH crashes, LOSS of the disk.
 * Weakenings, each of which must fail:
 *   NOHANDSHAKE  the agent counts the home as its own when it is offered it, and the service never does
 *   TIMELIMIT    the service takes the home back after a time, by its own clock
 *   NOJOURNAL    the agent's ledger has the release only after the paper
 *   LOSTISBACK   an agent that lost its disk has given everything back
 *   NOGEN        nobody compares which giving a message is about
 *   SAMEGEN      taken again (its YES got lost) it is the same giving: a BACK that says "I have it not" comes late
 *   NONONCE      the agent takes any YES, be it to a question that it has given up
 *   BACKFIRST    the agent gives back before its ledger has it
 *   EARLYYES     the service says YES before its commit
 *   NOASK        the service never asks back: with LIVE, somebody waits for ever
 *   ONCE         the agent tells what it released only once: with LIVE, somebody waits for ever
 */
#ifndef MAXG
#define MAXG 2
#endif
#ifndef CRASH
#define CRASH 1
#endif
#ifndef LOSS
#define LOSS 1
#endif
#ifdef NOGEN
#define SAME(a, b) true
#else
#define SAME(a, b) (a == b)
#endif

mtype = { GIVE, YES, NO, ASK, BACKED, HEARD, TAKE, BACK, TOLD, STARTED };
mtype = { HELD, WANTED, DONE, UNCERTAIN };       /* the service's row */
mtype = { NONE, HOMED, RETURNED, RELEASED };     /* the agent's ledger */

mtype st = HELD; bool athome = true; byte gen = 1; byte hinc = 0; byte hnonce = 0; byte known = 0;
mtype jr = NONE; byte jg = 0; byte inc = 0;      /* on the agent's disk */
byte started = 0;                                /* releases of which anything reached paper */
byte crashes = 0; byte losses = 0;
chan toA = [2] of { mtype, byte, byte };         /* message, giving, nonce */
chan toS = [2] of { mtype, byte, byte, byte };   /* message, giving, incarnation, nonce */

#ifdef LIVE
byte trouble = 0;
#define TROUBLE 2
#define AGAIN_A(m, g, n) !(toA??[m, eval(g), eval(n)]) && nfull(toA)
#define AGAIN_S(m, g, i, n) !(toS??[m, eval(g), eval(i), eval(n)]) && nfull(toS)
#define MAYBE trouble < TROUBLE -> trouble++
#else
#define AGAIN_A(m, g, n) true
#define AGAIN_S(m, g, i, n) true
#define MAYBE skip
#endif
#ifdef ONCE
#define MAY_TELL !told
#else
#define MAY_TELL true
#endif
inline sendA(m, g, n) { if :: nfull(toA) -> toA!m,g,n :: full(toA) -> skip :: MAYBE fi }
inline sendS(m, g, i, n) { if :: nfull(toS) -> toS!m,g,i,n :: full(toS) -> skip :: MAYBE fi }

#define HOLDS (jr == HOMED)
#ifdef NOHANDSHAKE
#define HOME_IS_HERE true
#else
#define HOME_IS_HERE athome
#endif
#define check() assert(!((st == HELD || st == WANTED) && HOME_IS_HERE && HOLDS)); assert(started <= 1)

active proctype Service() {
  byte g, i, n;
end:
  do
  /* A queue whose jobs' home is the site. */
  :: atomic { st == HELD && (athome && gen <= MAXG || !athome && gen <= MAXG + 1) && AGAIN_A(GIVE, gen, 0) -> sendA(GIVE, gen, 0) }
  /* Somebody releases it elsewhere. */
  :: atomic { st == HELD -> st = WANTED }
  :: atomic { st == WANTED && HOME_IS_HERE -> started++; st = DONE; check() }
#ifndef NOASK
  :: atomic { st == WANTED && !athome && AGAIN_A(ASK, gen, 0) -> sendA(ASK, gen, 0) }
#endif
#ifdef TIMELIMIT
  :: atomic { !athome -> athome = true; gen++; check() }
#endif
  :: atomic { toS??TAKE,g,i,n ->
       if :: true :: MAYBE; sendS(TAKE, g, i, n) fi;      /* doubled */
       if
       :: athome && st == HELD && SAME(g, gen) && i == known && gen <= MAXG ->
#ifdef EARLYYES
          if :: athome = false; hinc = i; hnonce = n; gen++ :: skip fi;
#else
          athome = false; hinc = i; hnonce = n; gen++;
#endif
          sendA(YES, gen, n)
       :: !athome && i == hinc && n == hnonce -> sendA(YES, gen, n)
       :: !athome && i == hinc && n != hnonce && SAME(g, gen) && gen <= MAXG + 1 ->
          hnonce = n;
#ifndef SAMEGEN
          gen++;
#endif
          sendA(YES, gen, n)
       :: else -> sendA(NO, g, n)
       fi; check() }
  :: atomic { toS??BACK,g,i,n ->
       if :: true :: MAYBE; sendS(BACK, g, i, n) fi;
       if
       :: !athome && SAME(g, gen) && i == hinc -> athome = true; gen++; sendA(BACKED, g, 0)
       :: !athome && SAME(g, gen) && i != hinc -> skip    /* of another ledger: not its to give */
       :: else -> sendA(BACKED, g, 0)
       fi; check() }
  :: atomic { toS??TOLD,g,i,n ->
       if :: true :: MAYBE; sendS(TOLD, g, i, n) fi;
       if
       :: !athome && SAME(g, gen) && i == hinc -> athome = true; gen++; st = DONE; assert(started == 1)
       :: st == UNCERTAIN && i == hinc && SAME(g, gen) -> st = DONE
       :: else -> skip
       fi;
       sendA(HEARD, g, 0); check() }
  /* An agent with another ledger: what the old one had may be on paper. */
  :: atomic { toS??STARTED,g,i,n ->
       if :: true :: MAYBE; sendS(STARTED, g, i, n) fi;
       if :: i > known -> known = i :: else -> skip fi;
       if
       :: !athome && hinc != known -> athome = true; gen++;
#ifndef LOSTISBACK
          st = UNCERTAIN
#endif
       :: else -> skip
       fi; check() }
  od
}

active proctype Agent() {
  byte cur = 0; byte nonce = 0; bool asking = false; /* memory */
  byte g, n; bool introduced = true; bool told = false; bool onpaper = false;
end:
  do
  :: atomic { toA??GIVE,g,n ->
       if :: true :: MAYBE; sendA(GIVE, g, n) fi;
       if
#ifdef NOHANDSHAKE
       :: jr == NONE && introduced -> jr = HOMED; jg = g
#else
       :: jr == NONE && !asking && introduced && nonce < MAXG + 1 -> cur = g; nonce++; asking = true
#endif
       :: else -> skip
       fi; g = 0; n = 0; check() }
  :: atomic { asking && AGAIN_S(TAKE, cur, inc, nonce) -> sendS(TAKE, cur, inc, nonce) }
  :: atomic { toA??YES,g,n ->
       if :: true :: MAYBE; sendA(YES, g, n) fi;
       if
#ifdef NONONCE
       :: jr == NONE -> jr = HOMED; jg = g; asking = false
#else
       :: jr == NONE && asking && n == nonce -> jr = HOMED; jg = g; asking = false
#endif
       :: else -> skip
       fi; g = 0; n = 0; check() }
  :: atomic { toA??NO,g,n ->
       if :: true :: MAYBE; sendA(NO, g, n) fi;
       if :: asking && n == nonce -> asking = false :: else -> skip fi; g = 0; n = 0 }
  /* Asked back, or somebody stands here while the line is up. What it has not, it will not take any more. */
  :: atomic { toA??ASK,g,n ->
       if :: true :: MAYBE; sendA(ASK, g, n) fi;
       if
#ifdef BACKFIRST
       :: jr == HOMED && SAME(g, jg) -> sendS(BACK, jg, inc, 0); if :: jr = RETURNED :: skip /* crashed */ fi
#else
       :: jr == HOMED && SAME(g, jg) -> jr = RETURNED
#endif
       :: jr == NONE && introduced -> asking = false; sendS(BACK, g, inc, 0)
       :: else -> skip
       fi; g = 0; n = 0; check() }
  :: atomic { jr == RETURNED && introduced && AGAIN_S(BACK, jg, inc, 0) -> sendS(BACK, jg, inc, 0) }
  :: atomic { toA??BACKED,g,n ->
       if :: true :: MAYBE; sendA(BACKED, g, n) fi;
       if :: jr == RETURNED && g == jg -> jr = NONE; jg = 0 :: else -> skip fi; g = 0; n = 0 }
  /* A badge. */
#ifdef NOJOURNAL
  :: atomic { jr == HOMED && !onpaper -> onpaper = true; started++; check() }
  :: atomic { jr == HOMED && onpaper -> jr = RELEASED }
#else
  :: atomic { jr == HOMED -> jr = RELEASED }
  :: atomic { jr == RELEASED && !onpaper -> onpaper = true;
#ifndef NOHANDSHAKE
       assert(!athome);
#endif
       started++; check() }
#endif
  :: atomic { jr == RELEASED && introduced && onpaper && MAY_TELL && AGAIN_S(TOLD, jg, inc, 0) -> told = true; sendS(TOLD, jg, inc, 0) }
  :: atomic { toA??HEARD,g,n ->
       if :: true :: MAYBE; sendA(HEARD, g, n) fi;
       if :: jr == RELEASED && g == jg -> jr = NONE; jg = 0; told = false; onpaper = false :: else -> skip fi;
       g = 0; n = 0 }
  /* Memory gone; the ledger says RELEASED: the printer may have it, so nothing is sent again. */
  :: atomic { crashes < CRASH -> crashes++; asking = false; cur = 0; introduced = false;
       if :: nonce < MAXG + 1 -> nonce++ :: else -> skip fi;
#ifdef NOJOURNAL
       onpaper = false
#else
       if :: jr == RELEASED && !onpaper -> onpaper = true; started++ /* at worst */ :: else -> skip fi
#endif
     }
  /* The disk is gone. */
  :: atomic { losses < LOSS -> losses++; crashes++; jr = NONE; jg = 0; inc++; asking = false; cur = 0;
       introduced = false; onpaper = false; told = false }
  /* At a start the service hears which ledger there is, before anything else. */
  :: atomic { !introduced && AGAIN_S(STARTED, 0, inc, 0) -> sendS(STARTED, 0, inc, 0) }
  :: atomic { !introduced && known == inc -> introduced = true }
  od
}

#ifdef LIVE
active proctype Monitor() {
end:
  timeout -> assert(st != WANTED && jr != RETURNED && jr != RELEASED)
}
#endif
