/* SPDX-FileCopyrightText: The Imprimatur authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Intake up to the acknowledgement: a document's file, its row, the yes to the client. The power fails at any
 * moment and what was not flushed may be gone; the collector of orphans runs at any moment.
 *
 * Asserted: what was acknowledged is there, whole, with its row HELD.
 *
 * Two ways are modelled. The plain one writes a RECEIVING row before the first octet (IPP's Create-Job). With
 * NOROW, what a submission in one request does: no row before HELD; a registry in the service's memory names
 * the live deposits, and the collector asks it. The registry ends with the process.
 *
 * Weakenings, each of which must fail:
 *   ACKFIRST    the yes before the commit                NOFSYNC     no flush of the file
 *   NODIRSYNC   no flush of the directory                NORMALSYNC  a commit without a flush
 *   GCRACE      the collector takes every file without a HELD row
 *   EARLYLEAVE  (with NOROW) the deposit leaves the registry before its row is committed
 */
byte vfile=0, dfile=0;         /* seen / on the disk: 0 absent, 1 partial, 2 whole */
bool vname=false, dname=false; /* the directory's entry */
byte vrow=0, drow=0;           /* 0 none, 1 RECEIVING, 2 HELD */
bool acked=false; byte losses=0;
bool live=false;               /* the upload runs in this boot */
bool registered=false;         /* ... and its deposit is in the registry of live ones */
inline sync_db() { drow = vrow }
active proctype Writer() {
 do
 :: live==false && !acked && vrow!=2 ->
    atomic { live=true; registered=true;
#ifndef NOROW
      vrow=1;
#ifndef GCRACE
      sync_db();
#endif
#endif
    }
    if :: live -> atomic { vfile=1; vname=true } :: !live -> goto again fi;
    if :: live -> vfile=2 :: !live -> goto again fi;
#ifndef NOFSYNC
    if :: live -> dfile=vfile :: !live -> goto again fi;
#endif
#ifndef NODIRSYNC
    if :: live -> dname=vname :: !live -> goto again fi;
#endif
#ifdef EARLYLEAVE
    if :: live -> registered=false :: !live -> goto again fi;
#endif
#ifdef ACKFIRST
    if :: live -> acked=true :: !live -> goto again fi;
#endif
#ifdef NOROW
    /* The commit does not look at the file: that it is still there is the registry's promise. */
    if :: live -> atomic { vrow=2;
#ifndef NORMALSYNC
      sync_db();
#endif
      } :: !live -> goto again fi;
#else
    if :: live && vname && vfile==2 -> atomic { vrow=2;
#ifndef NORMALSYNC
      sync_db();
#endif
      } :: !live -> goto again
      :: live && !(vname && vfile==2) -> atomic { live=false; registered=false; goto again } fi;
#endif
    if :: live -> atomic { acked=true; live=false; registered=false } :: !live -> goto again fi;
    break;
again: skip
 od
}
active proctype Power() { do :: atomic { losses<2 -> losses++; live=false; registered=false;
   /* what was not flushed may or may not have reached the disk */
   if :: vfile=dfile :: dfile=vfile fi; if :: vname=dname :: dname=vname fi; if :: vrow=drow :: drow=vrow fi;
   if :: !vname -> vfile=0; dfile=0 :: else fi } od }
active proctype Collector() { do
#ifdef GCRACE
 :: atomic { vname && vrow!=2 -> vname=false; dname=false; vfile=0; dfile=0 }
#else
 :: atomic { vname && vrow!=2 && !registered -> vname=false; dname=false; vfile=0; dfile=0; vrow=0; drow=0 }
#endif
 od }
active proctype Check() { do :: atomic { acked && !live -> assert(vrow==2 && vname && vfile==2) } od }
