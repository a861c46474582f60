/** By address: each try costs two slow hashes, and an activation has five. */
export const ENROLMENT_RATE = { max: 10, timeWindow: '1 minute' };
