/* SPDX-FileCopyrightText: The Imprimatur authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Release: one job, released once; two agents, one printer, a network that loses, doubles and (unless FIFO)
 * reorders messages towards the agents; agents crash (memory gone, journal kept), lose their disk (journal
 * gone, another incarnation); the printer reboots and forgets its jobs; leases end at any moment, for safety
 * needs no clock. The service keeps nothing in memory, so its restarts change nothing.
 *
 * Asserted:  at most one attempt reaches the printer;
 *            PRINTED and SENT only when it printed once;
 *            NOT_PRINTED and CANCELLED only when nothing reached it;
 *            the first copy of several holds its job again for the others once, before its agent is told that
 *            its report was taken;
 *            with -DTABLE, every change of state stands in transitions.txt (legal.pml is made from it).
 *
 * Bounds:      MAXE epochs, CRASH crashes.      Additions: FIFO, CANCEL (the owner takes the order back).
 * Weakenings, each of which must fail:
 *   NOGATE     the lease alone lets an agent print, there is no ARM
 *   NOFENCE    the service does not compare the epoch on ARM
 *   NOJOURNAL  the agent does not journal SENDING before the first octet
 *   NOINC      nobody compares incarnations
 *   AUTORETRY  the service tries UNCERTAIN again by itself
 *   TWOCOMMITS the delivery ends in one commit, and its job is held for the other copies in the next one
 *   ROLLBACK   the database loses its last commits (with RECEPOCH, which is the cure, it must pass)
 * NOHWM (an agent accepts epochs below its highest) passes: the high-water mark is not needed.
 */
#define NA 2
#ifdef NOINC
#define INCOK true
#else
#define INCOK (i == inc[a])
#endif
#ifndef MAXE
#define MAXE 3
#endif
#ifndef CRASH
#define CRASH 2
#endif
#ifdef FIFO
#define FROM(c) c ?
#else
#define FROM(c) c ??
#endif
mtype = { OFFER, ARM, ARMOK, ARMNO, OUT, OUTACK };
mtype = { REQUESTED, OFFERED, ARMED, PRINTED, SENT, NOT_PRINTED, UNCERTAIN, CANCELLED }; /* the service's row */
mtype = { NONE, SENDING, RFAIL0, RDONE, RSENT, RUNC };                                  /* the agent's journal */
mtype st = REQUESTED; byte epoch = 0; byte owner = 0; byte oinc = 0;
/* printer truth */
byte started = 0;   /* attempts in which the printer consumed >=1 byte */
byte whole = 0;     /* attempts printed completely */
byte tabE = 0; byte tabS = 0; /* printer job table: epoch tag, 0 none 1 created/no page 2 partial 3 complete */
chan toA[NA] = [2] of { mtype, byte, byte };       /* msg, epoch, inc */
chan toS = [2] of { mtype, byte, byte, byte, mtype };  /* msg, agent, epoch, inc, result */
/* agent durable */
mtype jr[NA] = NONE; byte je[NA]; byte hw[NA]; byte inc[NA];
byte crashes = 0; byte rb = 0;
byte rest = 0;      /* how often the job was held again for the rest of its copies */

#ifdef TABLE
#include "legal.pml"
#define move(to) assert(LEGAL(st, to)); st = to
#else
#define move(to) st = to
#endif

inline sendA(a,m,e,i) { if :: nfull(toA[a]) -> toA[a]!m,e,i :: skip /* lost */ fi }
inline sendS(m,a,e,i,r) { if :: nfull(toS) -> toS!m,a,e,i,r :: skip fi }

inline hold_rest() {
#ifdef TWOCOMMITS
  if :: rest++ :: skip /* killed between them */ fi;
#else
  rest++;
#endif
  assert(rest <= 1)
}

inline grant() { if :: st == OFFERED -> move(ARMED) :: else -> skip fi; sendA(a,ARMOK,e,i) }

active proctype Service() {
  byte a, e, i; mtype r;
  mtype bst = REQUESTED; byte bep = 0; byte bow = 0; byte boi = 0; byte bre = 0;  /* what the backup has */
  do
  :: d_step { st == REQUESTED && epoch < MAXE -> epoch++; move(OFFERED) } ;
     if :: owner = 0 :: owner = 1 fi; oinc = inc[owner];
     sendA(owner,OFFER,epoch,oinc)
  :: st == OFFERED -> sendA(owner,OFFER,epoch,oinc)                /* re-offer */
  :: atomic { st == OFFERED -> move(REQUESTED) }                /* the lease ran out */
  :: atomic { st == ARMED -> move(UNCERTAIN) }                  /* the agent was silent too long */
#ifdef CANCEL
  :: atomic { st == REQUESTED || st == OFFERED -> move(CANCELLED); assert(started == 0) }
#endif
#ifdef AUTORETRY
  :: atomic { st == UNCERTAIN && epoch < MAXE -> st = REQUESTED }
#endif
#ifdef ROLLBACK
  :: atomic { rb == 0 -> bst = st; bep = epoch; bow = owner; boi = oinc; bre = rest; rb = 1 }   /* the backup has this state */
  :: atomic { rb == 1 -> rb = 2; st = bst; epoch = bep; owner = bow; oinc = boi; rest = bre;
#ifdef RECEPOCH
       epoch = MAXE + 1;                                        /* above every grant ever given */
       /* The operator's restoring is no transition of the ledger and stands in no table. */
       if :: (st == REQUESTED || st == OFFERED || st == ARMED) -> st = UNCERTAIN :: else -> skip fi
#endif
     }
#endif
  :: atomic { toS?<ARM,a,e,i,r> -> if :: toS?ARM,a,e,i,r :: skip fi;
       if
#ifdef NOFENCE
       :: (st == OFFERED || st == ARMED) -> grant()
#else
#ifdef NOINC
       :: (st == OFFERED || st == ARMED) && e == epoch && a == owner -> grant()
#else
       :: (st == OFFERED || st == ARMED) && e == epoch && a == owner && i == oinc -> grant()
#endif
#endif
       :: else -> sendA(a,ARMNO,e,i)
       fi }
  :: atomic { toS?<OUT,a,e,i,r> -> if :: toS?OUT,a,e,i,r :: skip fi;
       if
       :: e == epoch && a == owner && (st == ARMED || st == UNCERTAIN
#ifdef NOGATE
           || st == OFFERED
#endif
          ) ->
          if
          /* The proof that nothing arrived: tried again, or given up and told to the owner. */
          :: r == RFAIL0 -> assert(started == 0); move(REQUESTED)
          :: r == RFAIL0 -> assert(started == 0); move(NOT_PRINTED)
          :: r == RDONE -> move(PRINTED); assert(whole == 1); hold_rest()
          :: r == RSENT -> move(SENT); assert(whole == 1); hold_rest()
          :: r == RUNC -> if :: st != UNCERTAIN -> move(UNCERTAIN) :: else -> skip fi
          fi
       :: else -> skip
       fi;
       assert((st != PRINTED && st != SENT) || rest == 1);
       sendA(a,OUTACK,e,i) }
  od
}

proctype Agent(byte a) {
  byte cur = 0; byte ph = 0; /* 0 idle 1 asked 2 granted 3 sending */
  byte e, i; bool bytes = false;
  do
  /* --- network --- */
  :: atomic { FROM(toA[a])<OFFER,e,i> -> if :: FROM(toA[a])OFFER,e,i :: skip fi;
       if
#ifdef NOHWM
       :: ph == 0 && jr[a] == NONE && i == inc[a] -> cur = e; ph = 1
#else
#ifdef NOINC
       :: ph == 0 && jr[a] == NONE && e > hw[a] -> cur = e; ph = 1
#else
       :: ph == 0 && jr[a] == NONE && i == inc[a] && e > hw[a] -> cur = e; ph = 1
#endif
#endif
       :: else -> skip
       fi }
#ifdef NOGATE
  :: atomic { ph == 1 -> ph = 2 }
#else
  :: ph == 1 -> atomic { sendS(ARM,a,cur,inc[a],NONE) }
#endif
  :: atomic { FROM(toA[a])<ARMOK,e,i> -> if :: FROM(toA[a])ARMOK,e,i :: skip fi; if :: ph == 1 && e == cur && INCOK -> ph = 2 :: else -> skip fi }
  :: atomic { FROM(toA[a])ARMNO,e,i -> if :: ph == 1 && e == cur && i == inc[a] -> ph = 0; cur = 0 :: else -> skip fi }
  :: atomic { FROM(toA[a])OUTACK,e,i -> if :: jr[a] != NONE && jr[a] != SENDING && e == je[a] -> jr[a] = NONE; je[a] = 0 :: else -> skip fi }
  :: atomic { ph == 2 -> ph = 0; cur = 0 }                      /* grant expired locally before first byte: drop it */
  /* --- point of no return: journal first, then bytes --- */
  :: atomic { ph == 2 ->
#ifndef NOJOURNAL
       jr[a] = SENDING; je[a] = cur; hw[a] = cur;
#endif
       ph = 3; bytes = false }
  :: atomic { ph == 3 && !bytes -> /* connect refused / 0 bytes acked */
       jr[a] = RFAIL0; je[a] = cur; hw[a] = cur; ph = 0; cur = 0 }
  :: atomic { ph == 3 && !bytes -> bytes = true; started++; assert(started <= 1); assert(st == ARMED || st == UNCERTAIN); tabE = cur; tabS = 2 }
  :: atomic { ph == 3 && bytes -> whole++; assert(whole <= 1); tabS = 3; jr[a] = RDONE; je[a] = cur; hw[a]=cur; ph = 0; cur = 0; bytes=false }   /* printer confirmed */
  :: atomic { ph == 3 && bytes -> whole++; assert(whole <= 1); tabS = 3; jr[a] = RSENT; je[a] = cur; hw[a]=cur; ph = 0; cur = 0; bytes=false }   /* all bytes, no confirmation */
  :: atomic { ph == 3 && bytes -> jr[a] = RUNC; je[a] = cur; hw[a]=cur; ph = 0; cur = 0; bytes=false }                        /* stall / close / half */
  :: atomic { ph == 3 && bytes && tabE == cur && tabS == 2 -> whole++; assert(whole <= 1); tabS = 3;                                             /* printer completes, then link breaks */
       jr[a] = RUNC; je[a] = cur; hw[a]=cur; ph = 0; cur = 0; bytes=false }
  /* --- report until acknowledged --- */
  :: atomic { jr[a] != NONE && jr[a] != SENDING -> sendS(OUT,a,je[a],inc[a],jr[a]) }
  /* --- faults --- */
  :: atomic { crashes < CRASH -> crashes++; cur = 0; ph = 0; bytes = false;
       if
       :: jr[a] == SENDING ->                                  /* restart: ask the printer (IPP) what became of it */
          if
          :: tabE == je[a] && tabS == 3 -> jr[a] = RDONE
          :: jr[a] = RUNC
          fi
       :: else -> skip
       fi }
  :: atomic { crashes < CRASH -> crashes++; cur = 0; ph = 0; bytes = false; jr[a] = NONE; je[a] = 0; hw[a] = 0; inc[a]++ } /* disk lost */
  :: atomic { tabS > 0 -> tabS = 0; tabE = 0 }                   /* printer reboots, forgets */
  od
}
init { atomic { run Agent(0); run Agent(1) } }

