package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The jobs that slots of this worker are at. */
@Singleton
public class RunningJobs {
  private static final Logger LOG = Logger.getLogger(RunningJobs.class);

  private final String worker = host() + "-" + ProcessHandle.current().pid();
  private final List<RunningJob> running = new CopyOnWriteArrayList<>();
  private final List<Consumer<JobProgress>> listeners = new CopyOnWriteArrayList<>();

  /** A job is taken up; closing what is returned ends its being here. */
  RunningJob begin(Job job, Successor successor) {
    RunningJob begun = new RunningJob(job, successor, worker, this::changed);
    running.add(begun);
    tell(begun.progress());
    return begun;
  }

  /** How far each of them is, the longest running first. */
  public List<JobProgress> all() {
    return running.stream().map(RunningJob::progress).toList();
  }

  /** How far a job is; empty when no slot of this worker is at it. */
  public Optional<JobProgress> find(JobId job) {
    return all().stream().filter(progress -> progress.job().id().equals(job)).findFirst();
  }

  /**
   * Tells of every change from now on, until what is returned is closed. A listener is called on
   * the thread that brings the change, the engine's reader among them: it must not wait. Threads
   * may overtake each other; the claim's counter tells which state is the newer.
   */
  public AutoCloseable listen(Consumer<JobProgress> listener) {
    // Its own object, so that one given twice can be taken away once.
    Consumer<JobProgress> own = progress -> listener.accept(progress);
    listeners.add(own);
    return () -> listeners.remove(own);
  }

  private void changed(RunningJob job) {
    JobProgress progress = job.progress();
    if (progress.ended()) {
      running.remove(job);
    }
    tell(progress);
  }

  private void tell(JobProgress progress) {
    for (Consumer<JobProgress> listener : listeners) {
      try {
        listener.accept(progress);
      } catch (RuntimeException e) {
        // Whoever looks on must not stop the job.
        LOG.warnf(e, "Progress not taken by a listener: job=%s", progress.job().id());
      }
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
