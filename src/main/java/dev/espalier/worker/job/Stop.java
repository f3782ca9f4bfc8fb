package dev.espalier.worker.job;

import dev.espalier.contract.Reason;
import dev.espalier.contract.Verdict;

/** Why a job is to end before its work is done, and the verdict that it then gets. */
record Stop(Verdict verdict, Reason reason) {}
