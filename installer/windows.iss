; The Windows installer, compiled by installer/build.py with Version and Folder.
[Setup]
AppId={{7E4A2B0C-6E1B-4C55-9B7B-0C1F9A6B7D21}
AppName=Hccr Desktop
AppVersion={#Version}
AppPublisher=The authors of Hccr Desktop
DefaultDirName={autopf}\Hccr Desktop
DefaultGroupName=Hccr Desktop
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
ChangesEnvironment=yes
Compression=lzma2
SolidCompression=yes
LicenseFile=..\LICENSE
OutputBaseFilename=hccr-desktop-{#Version}-setup
UninstallDisplayIcon={app}\hccr-desktop.exe
WizardStyle=modern

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Hccr Desktop"; Filename: "{app}\hccr-desktop.exe"
Name: "{autodesktop}\Hccr Desktop"; Filename: "{app}\hccr-desktop.exe"; Tasks: desktop

[Tasks]
Name: desktop; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Registry]
Root: HKA; Subkey: "Software\Classes\HccrDesktop.File"; ValueType: string; ValueData: "Handwriting"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\HccrDesktop.File\DefaultIcon"; ValueType: string; ValueData: "{app}\hccr-desktop.exe,0"
Root: HKA; Subkey: "Software\Classes\HccrDesktop.File\shell\open\command"; ValueType: string; ValueData: """{app}\hccr-desktop.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.inkml\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.gnt\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.pdf\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.png\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.jpg\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tif\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue

[Run]
Filename: "{app}\hccr-desktop.exe"; Description: "{cm:LaunchProgram,Hccr Desktop}"; Flags: nowait postinstall skipifsilent

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Code: Integer;
begin
  if (Step = usUninstall) and not UninstallSilent then
    if MsgBox('Delete your samples, models, texts and settings, too? They cannot be brought back.',
              mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
      Exec(ExpandConstant('{app}\hccr.exe'), 'forget --yes', '', SW_HIDE, ewWaitUntilTerminated, Code);
end;
