export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded border border-line bg-raised px-1 font-medium font-sans text-2xs text-muted">
      {children}
    </kbd>
  );
}
