import { Toaster as Sonner } from "sonner";

export default function Toaster() {
  return (
    <Sonner
      theme="dark"
      style={{ fontFamily: "inherit" }}
      position="bottom-right"
      gap={8}
      visibleToasts={4}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-2.5 rounded-lg bg-raised px-3.5 py-2.5 shadow-float sm:w-80 [&_svg]:mt-0.5 [&_svg]:size-4",
          title: "font-medium text-ink text-[0.8125rem] leading-5",
          description: "nums text-muted text-xs",
          error: "[&_[data-icon]]:text-failed",
        },
      }}
    />
  );
}
