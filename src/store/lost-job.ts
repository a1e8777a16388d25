// What a runner learns that writes under an attempt which no longer holds the job.

/** Thrown by writes of a runner that no longer holds the job: it must stop at once and change nothing more. */
export class LostJobError extends Error {
  override readonly name = 'LostJobError';

  static of({ id, attempt }: Readonly<{ id: number; attempt: number }>): LostJobError {
    return new LostJobError(`Attempt ${attempt} of job ${id} no longer holds it.`);
  }
}
