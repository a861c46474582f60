/** The mark of the house: a stamp. */
export function Seal({ size }: { size: number }) {
  return (
    <svg viewBox="0 0 48 48" width={size} height={size} fill="none" aria-hidden="true" focusable="false">
      <circle cx="24" cy="24" r="22" fill="#0f6e64" stroke="#aee0d9" strokeWidth="1" />
      <circle cx="24" cy="24" r="17.5" stroke="#7ecdc3" strokeWidth="1.5" strokeDasharray="2.4 2.2" />
      <path
        d="M15 25.5l6.2 6.2L33.5 18"
        stroke="#fff"
        strokeWidth="4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
