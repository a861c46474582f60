import { useEffect } from 'react';
import { useLocation } from 'wouter';

import { forgetOvertaken, useOvertaken } from '../client/overtaken.ts';
import { FailureAlert } from '../parts/failure-alert.tsx';

/** Stays above the page that has been fetched anew, until the officer goes elsewhere. */
export function OvertakenNotice() {
  const error = useOvertaken();
  const [location] = useLocation();
  useEffect(() => forgetOvertaken, [location]);
  return <FailureAlert error={error} />;
}
