/* SPDX-FileCopyrightText: The Imprimatur authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Deposit: what was submitted to an agent while its line was down, and whose owner it knows. It goes one of two
 * ways: to the service, where it is held and released by somebody, or to paper by a badge at the agent, of which
 * the service hears afterwards. Questions and answers are lost and overtake each other; the agent crashes (memory
 * gone, folder kept), the service may refuse now what it takes later. A question is not doubled on its way (it is
 * a request on a connection), but asked again, and an earlier one may arrive after a later one.
 *
 *      agent                                          service
 *        folder: ASKED, then
 *        SUBMIT(try)                             -->  a job of this key: held, once
 *                                                <--  YES: removed;  NO(try): ASKED is taken back,
 *                                                     where it was the only question
 *        folder: OUT, then paper
 *        OUT                                     -->  a job of this key, and in the same transaction the delivery
 *                                                     that is on paper
 *                                                <--  YES
 *
 * Asserted:  at most one release reaches paper;
 *            what the service counts as done is on paper, or may be;
 *            with -DLIVE: in the end the service has it, and the agent has nothing left.
 *
 * Bounds:      TRIES questions, CRASH crashes.
 * Weakenings, each of which must fail:
 *   NOMARK     nothing says that the service may have it
 *   MARKLATE   the mark is not on the disk before the question leaves
 *   CLEARS     any no takes the mark back
 *   TWOSTEPS   the service takes in what was released as held, and then arms it
 *   NOKEY      what is sent again is another job
 *   NOJOURNAL  the folder has the release only after the paper
 *   FORGETS    the agent removes what it released before the service has said yes: with LIVE, it is never heard of
 */
#ifndef TRIES
#define TRIES 3
#endif
#ifndef CRASH
#define CRASH 2
#endif

mtype = { SUBMIT, OUTMSG, YES, NO };
mtype = { NONE, HELD, DONE };      /* the service's */
mtype = { KEPT, OUT, GONE };       /* the agent's folder */

mtype st = NONE; mtype jr = KEPT; bool marked = false; /* on the agent's disk */
byte started = 0; byte tries = 0; byte crashes = 0;
chan toS = [3] of { mtype, byte };
chan toA = [3] of { mtype, byte };

inline sendS(m, n) { if :: nfull(toS) -> toS!m,n :: full(toS) -> skip :: tries < TRIES -> skip fi }
inline sendA(m, n) { if :: nfull(toA) -> toA!m,n :: full(toA) -> skip :: tries < TRIES -> skip fi }
#define check() assert(started <= 1)

active proctype Service() {
  byte n; bool arming = false;
end:
  do
  :: atomic { toS??SUBMIT,n ->
       if
#ifdef NOKEY
       :: st != HELD -> st = HELD; sendA(YES, n)
#else
       :: st == NONE -> st = HELD; sendA(YES, n)
#endif
       :: st == NONE && tries < TRIES -> sendA(NO, n)   /* nobody knows whose it is, as things are */
       :: st != NONE -> sendA(YES, n)
       fi; n = 0; check() }
  :: atomic { toS??OUTMSG,n ->
       if
#ifdef TWOSTEPS
       :: st == NONE -> st = HELD; arming = true
#else
       :: st == NONE -> st = DONE
#endif
       :: st == HELD -> st = DONE
       :: else -> skip
       fi; sendA(YES, n); n = 0; assert(started == 1); check() }
#ifdef TWOSTEPS
  :: atomic { arming && st == HELD -> st = DONE; arming = false }
#endif
  /* Somebody releases it, anywhere. */
  :: atomic { st == HELD -> st = DONE; started++; check() }
  od
}

active proctype Agent() {
  byte n; bool mem = false; bool onpaper = false; byte only = 0; /* memory */
end:
  do
  /* Handing on. only: the question that is the first one ever, or nothing but a no has come before. */
#if defined(NOMARK)
  :: atomic { jr == KEPT && tries < TRIES -> tries++; sendS(SUBMIT, tries) }
#elif defined(MARKLATE)
  :: atomic { jr == KEPT && tries < TRIES -> if :: !marked -> only = tries + 1 :: else -> only = 0 fi;
       tries++; sendS(SUBMIT, tries); mem = true }
  :: atomic { mem -> marked = true; mem = false }
#else
  :: atomic { jr == KEPT && !mem && tries < TRIES -> if :: !marked -> only = tries + 1 :: else -> only = 0 fi;
       marked = true; mem = true }
  :: atomic { mem -> mem = false; tries++; sendS(SUBMIT, tries) }
#endif
#ifdef LIVE
  :: atomic { jr == KEPT && marked && !mem && tries == TRIES && empty(toS) && empty(toA) -> toS!SUBMIT,0 }
  :: atomic { jr == OUT && onpaper && tries == TRIES && empty(toS) && empty(toA) -> toS!OUTMSG,0 }
  :: atomic { jr == KEPT && !marked && tries == TRIES && !mem -> marked = true }
#endif
  :: atomic { toA??YES,n -> jr = GONE; n = 0 }
  :: atomic { toA??NO,n ->
#ifdef CLEARS
       marked = false;
#else
       if :: n == only && only > 0 -> marked = false; only = 0 :: else -> skip fi;
#endif
       n = 0 }
  /* A badge. */
#ifdef NOJOURNAL
  :: atomic { jr == KEPT && !marked && !mem && !onpaper -> onpaper = true; started++; check() }
  :: atomic { jr == KEPT && onpaper -> jr = OUT }
#else
  :: atomic { jr == KEPT && !marked && !mem -> jr = OUT }
  :: atomic { jr == OUT && !onpaper -> onpaper = true; started++; check() }
#endif
#ifdef FORGETS
  :: atomic { jr == OUT && onpaper -> jr = GONE }
#endif
  :: atomic { jr == OUT && onpaper && tries < TRIES -> tries++; sendS(OUTMSG, tries) }
  :: atomic { crashes < CRASH -> crashes++; mem = false; only = 0;
#ifdef NOJOURNAL
       onpaper = false
#else
       if :: jr == OUT && !onpaper -> onpaper = true; started++ /* at worst */ :: else -> skip fi
#endif
     }
  od
}

#ifdef LIVE
active proctype Monitor() {
end:
  timeout -> assert(jr == GONE && st == DONE && started == 1)
}
#endif
